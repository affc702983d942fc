// A receiver of scimd's webhooks: verifies calls, handles each event once, and catches up from the feed.
//
// SCIMD_SECRET=whsec_... node receiver.mjs 3000 handled.txt
// With SCIMD_URL and SCIMD_KEY (scope api.events.read) it first reads what it missed while it was not running.
import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";

const [port, file] = process.argv.slice(2);
const secret = Buffer.from(process.env.SCIMD_SECRET.replace("whsec_", ""), "base64");
const handled = new Set(fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n").filter(Boolean) : []);

// What the application does with an event; it may come twice.
function handle(event) {
  if (handled.has(event.id)) return;
  console.log(event.id, event.type, event.subject?.userName ?? "");
  handled.add(event.id);
  fs.appendFileSync(file, event.id + "\n");
}

// Whether the call is signed with the secret, and not older than five minutes.
function isGenuine(fields, body) {
  const [id, timestamp] = [fields["webhook-id"], fields["webhook-timestamp"]];
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300)) return false;
  const text = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const signature = Buffer.from("v1," + crypto.createHmac("sha256", secret).update(text).digest("base64"));
  return (fields["webhook-signature"] ?? "").split(" ").map((one) => Buffer.from(one))
    .some((one) => one.length === signature.length && crypto.timingSafeEqual(one, signature));
}

let after = [...handled].findLast((id) => id.startsWith("evt_"));
while (after && process.env.SCIMD_URL) {
  const answer = await fetch(`${process.env.SCIMD_URL}/api/v1/events?after=${after}`, {
    headers: { Authorization: `Bearer ${process.env.SCIMD_KEY}` },
  });
  if (!answer.ok) throw new Error(await answer.text());
  const page = await answer.json();
  page.items.forEach(handle);
  after = page.items.length ? page.next : undefined;
}

http.createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces);
  const genuine = isGenuine(request.headers, body);
  if (genuine) handle(JSON.parse(body));
  response.writeHead(genuine ? 204 : 401).end();
}).listen(Number(port), "127.0.0.1");
