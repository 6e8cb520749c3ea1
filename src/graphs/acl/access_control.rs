//! What is required of whoever calls something.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AclError;

/// What is required of whoever calls something; nothing at all, unless it is said.
///
/// What it cannot enforce it refuses to be made of: a resource type without an action, an action without a type, a
/// `customAuth` that nobody would ask, and any member that it does not know.
///
/// ```
/// use metagraph::graphs::acl::AccessControl;
///
/// let access = AccessControl::from_json(r#"{"requiredScopes": ["call:read"], "requiredScopesAny": []}"#)?;
/// assert_eq!(access, AccessControl::new().scope("call:read"), "of no scopes, any will do");
///
/// let refused = AccessControl::from_json(r#"{"requiredScopes": [], "resourceType": "document"}"#).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "this is no access control: `resourceType` without `resourceAction` restricts nothing: write both or none",
/// );
/// # Ok::<(), metagraph::graphs::acl::AclError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Written", rename_all = "camelCase")]
#[schemars(extend("dependentRequired" = {
    "resourceType": ["resourceAction"],
    "resourceAction": ["resourceType"],
}))]
pub struct AccessControl {
    required_scopes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required_scopes_any: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_action: Option<String>,
}

/// The same as somebody wrote it.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    #[serde(default)]
    required_scopes: Vec<String>,
    #[serde(default)]
    required_scopes_any: Option<Vec<String>>,
    resource_type: Option<String>,
    resource_action: Option<String>,
    #[schemars(skip)]
    custom_auth: Option<serde_json::Value>,
}

impl TryFrom<Written> for AccessControl {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        match (&written.resource_type, &written.resource_action, &written.custom_auth) {
            (.., Some(_)) => {
                return Err("`customAuth` is asked by nobody: leave it out, and check what it says yourself");
            }
            (Some(_), None, _) => {
                return Err("`resourceType` without `resourceAction` restricts nothing: write both or none");
            }
            (None, Some(_), _) => {
                return Err("`resourceAction` without `resourceType` restricts nothing: write both or none");
            }
            _ => {}
        }
        Ok(Self {
            required_scopes: written.required_scopes,
            required_scopes_any: written.required_scopes_any.unwrap_or_default(),
            resource_type: written.resource_type,
            resource_action: written.resource_action,
        })
    }
}

impl AccessControl {
    /// One that requires nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads one as others write it.
    ///
    /// # Errors
    /// [`AclError::NoAccessControl`] with what is wrong.
    pub fn from_json(json: &str) -> Result<Self, AclError> {
        serde_json::from_str(json).map_err(|error| AclError::NoAccessControl { reason: reason(&error) })
    }

    /// The same, and this scope is required.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.required_scopes.push(scope.into());
        self
    }

    /// The same, and this scope is one of which any will do.
    #[must_use]
    pub fn any_scope(mut self, scope: impl Into<String>) -> Self {
        self.required_scopes_any.push(scope.into());
        self
    }

    /// The same, and some resource of the type must grant the action.
    #[must_use]
    pub fn resource(self, resource_type: impl Into<String>, action: impl Into<String>) -> Self {
        Self { resource_type: Some(resource_type.into()), resource_action: Some(action.into()), ..self }
    }

    /// Scopes that are all required.
    pub fn required_scopes(&self) -> &[String] {
        &self.required_scopes
    }

    /// Scopes of which one is required, unless there are none.
    pub fn required_scopes_any(&self) -> &[String] {
        &self.required_scopes_any
    }

    /// The type of the resource that is required, and the action it must grant.
    pub fn required_resource(&self) -> Option<(&str, &str)> {
        self.resource_type.as_deref().zip(self.resource_action.as_deref())
    }

    /// Whether it requires nothing, so that everybody passes.
    pub fn is_open(&self) -> bool {
        self.required_scopes.is_empty() && self.required_scopes_any.is_empty() && self.resource_type.is_none()
    }
}

/// What serde says, without the place in a text that has one line.
fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line ").map_or(said.as_str(), |(reason, _)| reason).to_owned()
}
