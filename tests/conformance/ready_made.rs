//! The ready-made graph types, on both databases like everything else.

crate::store::conformance! {
    access {
        grants_come_to_members_and_into_containers,
        a_revocation_holds_in_its_own_transaction,
        whoever_is_suspended_has_nothing_and_gives_nothing,
        a_chain_of_delegations_only_shrinks,
        delegations_in_diamonds_and_cycles_end,
        groups_in_cycles_end,
        resources_are_delegated_as_narrow_as_scopes,
        the_flat_check_asks_exactly_what_is_required,
        one_pair_has_several_grants_and_rows_are_as_upstream_writes_them,
        a_check_is_one_statement_whatever_the_depth,
        decisions_in_random_graphs_are_those_of_a_model,
        a_delegation_beside_a_withdrawal_never_exceeds_it on store,
        a_check_joins_no_grant_to_a_membership_that_ended on store,
    }

    relations {
        real_cases_are_answered_exactly_or_refused,
        removing_a_tuple_never_allows_more,
        tuples_that_say_the_same_are_removed_one_by_one,
        a_tuple_writes_its_own_edges_only,
        a_check_of_a_relation_is_one_statement_whatever_the_depth,
        what_a_model_does_not_have_is_refused,
        whoever_is_suspended_holds_no_relation,
    }

    calls {
        events_in_any_order_give_the_same_graph,
        the_same_events_again_write_nothing,
        a_parent_is_heard_of_before_it_is_described,
        a_call_ends_once,
        a_subscription_answers_until_it_is_over,
        calls_do_not_make_each_other,
        a_call_has_one_parent,
        ingestion_takes_few_statements,
        calls_answer_questions,
        calls_are_part_of_a_graph_type_of_somebody_else,
        attributes_are_stored_as_others_write_them,
        an_abort_ends_what_was_made,
        an_abort_lets_running_calls_go_on,
        an_abort_takes_few_statements,
        writers_of_the_same_calls_lose_nothing on store,
        a_call_and_its_parent_come_at_once on store,
        real_spans_give_the_known_figures,
        labelled_traces_are_what_their_manifests_say,
        traces_are_found_as_others_find_them,
        shared_and_skewed_spans_are_one_call,
        names_of_any_length_are_taken,
        what_is_no_trace_is_told_where,
    }

    tasks {
        real_tasks_give_the_known_figures,
        a_real_lock_file_is_read_leniently,
        a_graph_comes_back_as_it_was_saved,
        a_save_takes_few_statements,
        a_mirror_removes_what_is_gone,
        what_a_task_cannot_be_is_refused,
        cycles_are_stored_and_told_of,
        tasks_are_part_of_a_graph_type_of_somebody_else,
        attributes_are_stored_as_the_typescript_package_writes_them,
    }

    task_claims {
        sixteen_workers_claim_ten_thousand_tasks_once_each on store,
        killed_workers_lose_no_task_and_none_is_done_twice on store,
        racing_workers_have_one_winner_each_time on store,
        what_waits_is_not_claimed,
        tasks_are_claimed_in_order,
        a_lease_that_runs_out_is_taken_over,
        tasks_are_completed_together_or_not_at_all,
        a_task_is_not_tried_for_ever,
        a_task_is_tried_again_after_a_pause,
        a_task_that_was_put_back_was_not_tried,
        a_claim_survives_what_others_write,
        a_save_leaves_claims_alone,
        nobody_claims_what_is_nobody_s,
        a_claim_shares_the_fate_of_its_transaction,
        claims_read_the_index,
    }
}

#[cfg(feature = "tracing")]
mod recorder {
    crate::store::conformance! {
        call_recorder {
            spans_are_recorded_with_all_they_carry on store,
            what_is_too_much_is_dropped_and_counted on store,
            the_recorder_does_not_record_itself on store,
            what_the_database_does_not_take_is_counted on store,
        }
    }
}
