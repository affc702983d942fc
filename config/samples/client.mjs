// An application of scimd: lists users, asks what one may do, and follows a snapshot. Node 18 or later.
//
// SCIMD_URL=http://127.0.0.1:8080 SCIMD_KEY=... node client.mjs ada@example.com members:read
// The key needs the scopes api.people.read and api.access.read.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

const { SCIMD_URL: url, SCIMD_KEY: key } = process.env;
const [user, permission] = process.argv.slice(2);

// The answer to a request; an error that says what to do if it is refused.
async function call(path, body) {
  const answer = await fetch(url + path, {
    method: body ? "POST" : "GET",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (answer.ok) return answer;
  const problem = await answer.json();
  throw new Error(`${problem.detail} ${problem.fix}`);
}

// Every user, page by page.
async function* users() {
  let cursor = "";
  do {
    const page = await (await call(`/api/v1/users?limit=100${cursor}`)).json();
    yield* page.items;
    cursor = page.next && `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor);
}

// How many of each there are, and the record after which that was so; read line by line, whatever its size.
async function snapshot() {
  const counts = { user: 0, group: 0, grant: 0 };
  const answer = await call("/api/v1/snapshot");
  for await (const line of createInterface({ input: Readable.fromWeb(answer.body) })) {
    const [[kind, value]] = Object.entries(JSON.parse(line));
    if (kind === "asOf") return { counts, asOf: value };
    counts[kind] += 1;
  }
  throw new Error("the snapshot has no end: read it again");
}

let count = 0;
for await (const _ of users()) count += 1;
console.log(`users: ${count}`);
const { allowed } = await (await call("/api/v1/access/check", { user, permission })).json();
console.log(`${user} ${permission}: ${allowed ? "allowed" : "denied"}`);
const { counts, asOf } = await snapshot();
console.log(`snapshot: ${counts.user} users, ${counts.group} groups, ${counts.grant} grants`);
console.log(`as of: ${asOf}`);
