// Starts a sandbox, makes a world in it, and asks for a qualification there: `node main.mjs` (Node 18 or newer).
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
const readyFile = join(folder, "address");

// With --until-eof it ends when its standard input does, that is with this process, however that ends.
const arguments_ = ["sandbox", "--port", "0", "--ready-file", readyFile, "--until-eof", "--log-level", "error"];
const sandbox = spawn("vetline", arguments_, { stdio: ["pipe", "ignore", "inherit"] });

try {
  const base = await address();

  // A world of its own for each test: nobody else sees what happens in it.
  const world = await ask("POST", `${base}/sandbox/worlds`, { mode: "immediate" });
  const partner = world.partners[0];
  const customer = world.customers.find((one) => one.domain === "harvard.edu");

  const qualifications = `${base}/v1/customers/${customer.id}/qualifications`;
  const token = await tokenOf(base, partner);
  const wanted = { Qualification: "Education", EducationSegment: "HigherEducation", Website: "harvard.edu" };
  const created = await ask("POST", qualifications, wanted, token);
  console.log("asked:", created.vettingStatus);
  const [found] = await ask("GET", qualifications, undefined, token);
  console.log("found:", found.qualification, found.vettingStatus);

  await ask("DELETE", world.endpoints.control);
} finally {
  const ended = sandbox.exitCode === null && new Promise((done) => sandbox.once("exit", done));
  sandbox.stdin.end();
  await ended;
  await rm(folder, { recursive: true });
}

async function address() {
  for (;;) {
    if (sandbox.exitCode !== null) throw new Error(`vetline sandbox ended with ${sandbox.exitCode}`);
    try {
      return (await readFile(readyFile, "utf8")).trim();
    } catch {
      await pause(20);
    }
  }
}

async function tokenOf(base, partner) {
  const [application] = partner.applications;
  const user = partner.users.find((one) => one.mfa);
  const form = new URLSearchParams({
    grant_type: "password",
    client_id: application.clientId,
    client_secret: application.clientSecret,
    username: user.username,
    password: user.password,
    scope: "https://api.partnercenter.microsoft.com/.default",
  });
  const answer = await fetch(`${base}/${partner.tenantId}/oauth2/v2.0/token`, { method: "POST", body: form });
  return (await answer.json()).access_token;
}

async function ask(method, url, body, token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}
