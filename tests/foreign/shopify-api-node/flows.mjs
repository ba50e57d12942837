// @shopify/shopify-api: OAuth, sessions, its REST and GraphQL clients, its REST resources, its webhook validator.

import "@shopify/shopify-api/adapters/node";
import assert from "node:assert/strict";
import http from "node:http";
import { ApiVersion, LogSeverity, RequestedTokenType, Session, shopifyApi } from "@shopify/shopify-api";
import { restResources } from "@shopify/shopify-api/rest/admin/2026-07";
import { env, flow, flowByTheWall, passes, receiver, refused, runAll, shop } from "./drill.mjs";

const BACK = "https://127.0.0.1/callback";
const SCOPES = ["read_customers", "write_orders"];

function client(apiKey, apiSecretKey, more = {}) {
  return shopifyApi({
    apiKey,
    apiSecretKey,
    scopes: SCOPES,
    hostName: "127.0.0.1",
    apiVersion: ApiVersion.July26,
    isEmbeddedApp: false,
    restResources,
    logger: { level: LogSeverity.Error },
    ...more,
  });
}

const shopify = client("drill", env.SHOPIFY_API_SECRET);
const session = new Session({ id: "drill", shop: env.SHOP, state: "", isOnline: false, accessToken: env.SHOPIFY_TOKEN });
const graphql = new shopify.clients.Graphql({ session });
const rest = new shopify.clients.Rest({ session });

async function installs(page) {
  const asked = await fetch(page, { redirect: "manual" });
  const [, token] = /name="token" value="(\w+)"/.exec(await asked.text());
  const cookie = asked.headers.get("set-cookie").split(";")[0];
  const body = new URLSearchParams({ token });
  const press = await fetch(page, { method: "POST", body, headers: { cookie }, redirect: "manual" });
  return press.headers.get("location");
}

async function registered(name, more = {}) {
  const { app } = await shop("POST", "apps", { name, redirect_urls: [BACK], scopes: SCOPES, ...more });
  return client(app.client_id, app.client_secret);
}

// An app on its own server: /auth leads to the shop, /callback is where the shop leads back; the sessions that it makes.
async function serving(name, more, expiring, use) {
  const sessions = [];
  let app;
  const server = http.createServer(async (rawRequest, rawResponse) => {
    const both = { rawRequest, rawResponse };
    try {
      if (rawRequest.url === "/auth") {
        await app.auth.begin({ shop: env.SHOP, callbackPath: "/callback", isOnline: false, ...both });
      } else {
        sessions.push((await app.auth.callback({ ...both, expiring })).session);
        rawResponse.end("installed");
      }
    } catch (error) {
      rawResponse.writeHead(500).end(String(error));
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const hostName = `127.0.0.1:${server.address().port}`;
  const made = await shop("POST", "apps", { name, redirect_urls: [`http://${hostName}/callback`], scopes: SCOPES, ...more });
  app = client(made.app.client_id, made.app.client_secret, { hostName, hostScheme: "http" });
  try {
    return await use(app, `http://${hostName}`, sessions);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const BROWSER = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" }; // bots are refused

// The merchant's browser: to the app, from there to the shop, and back to the app with what the shop sends along.
async function visits(address, forged = (back) => back) {
  const begun = await fetch(`${address}/auth`, { headers: BROWSER, redirect: "manual" });
  const cookie = begun.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
  const back = await installs(begun.headers.get("location"));
  return (await fetch(forged(back), { headers: { ...BROWSER, cookie } })).text();
}

flowByTheWall("an app is installed by OAuth, and its token opens the shop", () =>
  serving("oauth", {}, false, async (_, address, sessions) => {
    assert.equal(await visits(address), "installed");
    const answer = await new shopify.clients.Rest({ session: sessions[0] }).get({ path: "shop" });
    assert.equal(answer.body.shop.myshopify_domain, env.SHOP);
  }),
);

flowByTheWall("a way back whose signature was forged is refused by the library", () =>
  serving("forged", {}, false, async (_, address, sessions) => {
    assert.match(await visits(address, (back) => back.replace(/hmac=./, "hmac=z")), /Invalid OAuth callback/);
    assert.deepEqual(sessions, []);
  }),
);

flowByTheWall("an expiring token is refreshed, and rotates", () =>
  serving("expiring", { distribution: "public" }, true, async (app, address, sessions) => {
    assert.equal(await visits(address), "installed");
    const [first] = sessions;
    const next = (await app.auth.refreshToken({ shop: env.SHOP, refreshToken: first.refreshToken })).session;
    assert.notEqual(next.accessToken, first.accessToken);
    assert.notEqual(next.refreshToken, first.refreshToken);
  }),
);

flowByTheWall("a session token is exchanged for access tokens", async () => {
  const app = await registered("embedded");
  await shop("POST", "apps/embedded/install", {});
  const { session_token: sessionToken } = await shop("POST", "apps/embedded/session_token", {});
  for (const requestedTokenType of [RequestedTokenType.OfflineAccessToken, RequestedTokenType.OnlineAccessToken]) {
    const exchanged = await app.auth.tokenExchange({ shop: env.SHOP, sessionToken, requestedTokenType });
    assert.equal(exchanged.session.isOnline, requestedTokenType === RequestedTokenType.OnlineAccessToken);
  }
});

flowByTheWall("client credentials give a token", async () => {
  const app = await registered("own");
  await shop("POST", "apps/own/install", {});
  const given = await app.auth.clientCredentials({ shop: env.SHOP });
  assert.ok(given.session.accessToken);
});

flow("the REST client pages by its links", async () => {
  await shop("POST", "seed", { customers: 7 });
  let page = await rest.get({ path: "customers", query: { limit: 3 } });
  const seen = page.body.customers.map(({ id }) => id);
  while (page.pageInfo?.nextPage) {
    page = await rest.get(page.pageInfo.nextPage);
    seen.push(...page.body.customers.map(({ id }) => id));
  }
  assert.equal(new Set(seen).size, 7);
});

flow("REST resources are saved, found, counted and deleted", async () => {
  const customer = new shopify.rest.Customer({ session });
  Object.assign(customer, { first_name: "Ada", email: "ada@example.com" });
  await customer.save({ update: true });
  const found = await shopify.rest.Customer.find({ session, id: customer.id });
  assert.equal(found.first_name, "Ada");
  const order = new shopify.rest.Order({ session });
  order.line_items = [{ title: "Teapot", price: "10.00", quantity: 2 }];
  await order.save({ update: true });
  assert.equal(order.total_price, "20.00");
  assert.equal((await shopify.rest.Order.all({ session, status: "any" })).data.length, 1);
  await order.cancel({});
  await shopify.rest.Order.delete({ session, id: order.id });
  const product = new shopify.rest.Product({ session });
  product.title = "Teapot";
  await product.save({ update: true });
  assert.equal((await shopify.rest.Product.count({ session })).count, 1);
  await shopify.rest.Product.delete({ session, id: product.id });
  await shopify.rest.Customer.delete({ session, id: customer.id });
  await refused(() => shopify.rest.Customer.find({ session, id: customer.id }), "404");
});

flow("GraphQL queries and mutations are answered", async () => {
  const made = await graphql.request(
    "mutation ($input: CustomerInput!) { customerCreate(input: $input) { customer { id } userErrors { message } } }",
    { variables: { input: { email: "graphql@example.com" } } },
  );
  assert.deepEqual(made.data.customerCreate.userErrors, []);
  await refused(() => graphql.request("{ shop { nothing } }"), "nothing");
});

flow("a webhook is subscribed by GraphQL, delivered, and valid to the library", async () => {
  await receiver(async (address, arrived) => {
    await graphql.request(
      'mutation ($uri: String!) { webhookSubscriptionCreate(topic: CUSTOMERS_CREATE, webhookSubscription: {uri: $uri}) { userErrors { message } } }',
      { variables: { uri: `${address}/hooks` } },
    );
    await rest.post({ path: "customers", data: { customer: { first_name: "Hooked" } } });
    await passes(30);
    assert.equal(arrived.length, 1);
    const [{ headers, body }] = arrived;
    const rawRequest = Object.assign(new http.IncomingMessage(), { method: "POST", url: "/hooks", headers });
    const hook = (rawBody) => shopify.webhooks.validate({ rawBody, rawRequest });
    assert.deepEqual(await hook(body).then(({ valid, topic, domain }) => [valid, topic, domain]), [true, "CUSTOMERS_CREATE", env.SHOP]);
    assert.equal((await hook(body.replace("Hooked", "Forged"))).valid, false);
  });
});

flow("who calls too often is told to wait", async () => {
  const once = () => rest.get({ path: "shop", tries: 1 });
  await refused(async () => {
    for (let asked = 0; asked < 60; asked += 1) await once();
  }, "throttling");
  await passes(60);
  await once();
});

runAll();
