// The same as drill.py, for programs that run on Node: each flow is run, its calls are counted, a line tells of it.

import http from "node:http";

const flows = [];
const direct = new http.Agent(); // the control plane is not behind the proxy

export const env = process.env;

export function flow(name, run) {
  flows.push({ name, run, before: () => passes(60) }); // no limit that the flow before has met is left
}

// Such flows come first: the program compares times that it is told with its own clock.
export function flowByTheWall(name, run) {
  flows.push({ name, run, before: async () => {} });
}

export async function runAll() {
  for (const { name, run, before } of flows) {
    await before();
    const { count } = await control("GET", "journal?limit=1");
    let result = "passed";
    let why = "";
    try {
      await run();
    } catch (error) {
      const told = `${error?.stack ?? error} ${JSON.stringify(error?.body ?? error?.response ?? "")}`;
      result = told.includes("not simulated") ? "skipped" : "failed";
      why = told;
    }
    console.log("::flow " + JSON.stringify({ flow: name, result, calls: await calls(count), why }));
  }
  process.exit(0); // some clients keep timers
}

export function control(method, path, body) {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(`${env.WORLD_URL}/${path}`, { method, agent: direct }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode >= 400) reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        else resolve(JSON.parse(text));
      });
    });
    request.on("error", reject);
    request.end(sent);
  });
}

export const shop = (method, path, body) => control(method, `shopify/${env.SHOP}/${path}`, body);

export const passes = (seconds) => control("POST", "clock", { advance_ms: Math.round(seconds * 1000) });

async function calls(after) {
  const { entries } = await control("GET", `journal?limit=1000&after=${after}`);
  return entries.filter(({ source }) => !["shopify", "hubspot"].includes(source)).length;
}

export async function receiver(use) {
  const arrived = [];
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      arrived.push({ path: request.url, headers: request.headers, body: Buffer.concat(parts).toString() });
      response.end();
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`, arrived);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export async function refused(call, ...words) {
  try {
    await call();
  } catch (error) {
    const told = `${error} ${JSON.stringify(error?.body ?? error?.response ?? "")}`;
    for (const word of words) if (!told.includes(word)) throw new Error(`${word} is not in: ${told}`);
    return error;
  }
  throw new Error("this had to be refused");
}
