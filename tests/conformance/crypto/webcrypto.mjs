// Seals and opens envelopes as the TypeScript package does, with nothing but WebCrypto.
// `node webcrypto.mjs seal` prints envelopes; `node webcrypto.mjs open` reads such a list and prints it with its texts.
import { webcrypto } from "node:crypto";

const { subtle } = webcrypto;
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const bytes = (text) => Buffer.from(text, "base64");
const ITERATIONS = { 1: 100_000, 2: 200_000 };

async function valueKey({ password, rawKey }, keyVersion, salt) {
  const cipher = { name: "AES-GCM", length: 256 };
  const uses = ["encrypt", "decrypt"];
  if (rawKey) return subtle.importKey("raw", bytes(rawKey), cipher, false, uses);
  const material = await subtle.importKey("raw", new TextEncoder().encode(password), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS[keyVersion] };
  return subtle.deriveKey(how, material, cipher, false, uses);
}

async function seal(secret, keyVersion, text, saltLength) {
  const salt = webcrypto.getRandomValues(new Uint8Array(saltLength));
  const iv = webcrypto.getRandomValues(new Uint8Array(12));
  const key = await valueKey(secret, keyVersion, salt);
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
  return { ...secret, text, envelope: { keyVersion, salt: base64(salt), iv: base64(iv), data: base64(data) } };
}

async function open({ envelope, ...secret }) {
  const key = await valueKey(secret, envelope.keyVersion, bytes(envelope.salt));
  const text = await subtle.decrypt({ name: "AES-GCM", iv: bytes(envelope.iv) }, key, bytes(envelope.data));
  return { ...secret, envelope, text: new TextDecoder().decode(text) };
}

const TEXTS = ['"Ünïcode \u0000 🔑"', '{"user":"mara","pin":4711}'];

async function sealed() {
  const list = [];
  for (const text of TEXTS) {
    for (const keyVersion of [1, 2]) list.push(await seal({ password: "correct horse" }, keyVersion, text, 16));
    list.push(await seal({ rawKey: base64(new Uint8Array(32).fill(7)) }, 3, text, 32));
  }
  return list;
}

async function stdin() {
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

const list = process.argv[2] === "open" ? await Promise.all((await stdin()).map(open)) : await sealed();
process.stdout.write(JSON.stringify(list, null, 1) + "\n");
