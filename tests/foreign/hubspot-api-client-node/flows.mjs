// @hubspot/api-client: its typed APIs and apiRequest, on api.hubapi.com.

import assert from "node:assert/strict";
import { Client, Signature } from "@hubspot/api-client";
import { control, env, flow, flowByTheWall, passes, receiver, refused, runAll } from "./drill.mjs";

const client = new Client({ accessToken: env.HUBSPOT_TOKEN });

// What each object needs to be made, and what is changed on it.
const OBJECTS = {
  contacts: [{ email: "first@example.com", firstname: "Ada" }, { firstname: "Grace" }],
  companies: [{ name: "Engines", domain: "engines.example.com" }, { name: "Analytical Engines" }],
  products: [{ name: "Teapot", price: "10.00" }, { price: "12.50" }],
  lineItems: [{ name: "Teapot", price: "10.00", quantity: "2" }, { quantity: "3" }],
  deals: [{ dealname: "#1001", pipeline: "default", dealstage: "closedwon" }, { dealname: "#1002" }],
  orders: [{ hs_order_name: "#1001" }, { hs_order_name: "#1002" }],
  carts: [{ hs_cart_name: "#9" }, { hs_cart_name: "#10" }],
};

// The typed API where the client has one; others go through the generic one.
function apiOf(name) {
  const typed = client.crm[name];
  return typed ? [typed, []] : [client.crm.objects, [name]];
}

for (const [name, [properties, change]] of Object.entries(OBJECTS)) {
  flow(`${name} are created, read, updated, listed and archived`, async () => {
    const [api, first] = apiOf(name);
    const made = await api.basicApi.create(...first, { properties, associations: [] });
    const read = await api.basicApi.getById(...first, made.id, Object.keys(properties));
    for (const [key, value] of Object.entries(properties)) assert.equal(read.properties[key], value);
    await api.basicApi.update(...first, made.id, { properties: change });
    const changed = await api.basicApi.getById(...first, made.id, Object.keys(change));
    for (const [key, value] of Object.entries(change)) assert.equal(changed.properties[key], value);
    const page = await api.basicApi.getPage(...first, 100);
    assert.ok(page.results.some(({ id }) => id === made.id));
    await api.basicApi.archive(...first, made.id);
    await refused(() => api.basicApi.getById(...first, made.id), "404");
  });

  flow(`${name} are written in batches`, async () => {
    const [api, first] = apiOf(name);
    const inputs = [1, 2, 3].map((number) => ({
      properties: { ...properties, ...(properties.email && { email: `b${number}@example.com` }) },
      associations: [],
    }));
    const made = await api.batchApi.create(...first, { inputs });
    const ids = made.results.map(({ id }) => id).sort();
    await api.batchApi.update(...first, { inputs: ids.map((id) => ({ id, properties: change })) });
    const wanted = { inputs: ids.map((id) => ({ id })), properties: Object.keys(change), propertiesWithHistory: [] };
    const read = await api.batchApi.read(...first, wanted);
    assert.deepEqual(read.results.map(({ id }) => id).sort(), ids);
    await api.batchApi.archive(...first, { inputs: ids.map((id) => ({ id })) });
    assert.deepEqual((await api.batchApi.read(...first, wanted)).results, []);
  });
}

flow("a list is paged to its end", async () => {
  const inputs = Array.from({ length: 25 }, (_, number) => ({ properties: { name: `Page ${number}` }, associations: [] }));
  await client.crm.products.batchApi.create({ inputs });
  const seen = [];
  for (let after, more = true; more; ) {
    const page = await client.crm.products.basicApi.getPage(7, after);
    seen.push(...page.results);
    after = page.paging?.next?.after;
    more = Boolean(after);
  }
  assert.equal(seen.length, 25);
  assert.equal((await client.crm.products.getAll()).length, 25);
});

flow("search finds by filter once the index has caught up", async () => {
  const made = await client.crm.deals.basicApi.create({ properties: { dealname: "needle" }, associations: [] });
  await passes(30);
  const filters = [{ propertyName: "dealname", operator: "EQ", value: "needle" }];
  const found = await client.crm.deals.searchApi.doSearch({ filterGroups: [{ filters }], limit: 10 });
  assert.deepEqual(found.results.map(({ id }) => id), [made.id]);
});

flow("associations are made, read and removed", async () => {
  const contact = await client.crm.contacts.basicApi.create({ properties: { email: "assoc@example.com" }, associations: [] });
  const deal = await client.crm.deals.basicApi.create({ properties: { dealname: "with a contact" }, associations: [] });
  const api = client.crm.associations.v4.basicApi;
  await api.create("deals", deal.id, "contacts", contact.id, [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 3 }]);
  const { results } = await api.getPage("contacts", contact.id, "deals");
  assert.deepEqual(results.map(({ toObjectId }) => String(toObjectId)), [deal.id]);
  await api.archive("deals", deal.id, "contacts", contact.id);
  assert.deepEqual((await api.getPage("deals", deal.id, "contacts")).results, []);
});

flow("properties are created, changed and archived", async () => {
  const api = client.crm.properties.coreApi;
  await api.create("deals", { name: "note", label: "Note", type: "string", fieldType: "text", groupName: "dealinformation" });
  await api.update("deals", "note", { label: "Drill note" });
  assert.equal((await api.getByName("deals", "note")).label, "Drill note");
  await api.archive("deals", "note");
});

flow("pipelines are read and written", async () => {
  const api = client.crm.pipelines.pipelinesApi;
  assert.deepEqual((await api.getAll("deals")).results.map(({ label }) => label), ["Sales Pipeline"]);
  const stages = [{ label: "Begun", displayOrder: 0, metadata: { probability: "0.5" } }];
  const made = await api.create("deals", { label: "Mine", displayOrder: 1, stages });
  await api.archive("deals", made.id);
});

flow("owners are read", async () => {
  assert.ok(Array.isArray((await client.crm.owners.ownersApi.getPage()).results));
});

flow("any path is asked through apiRequest", async () => {
  const answer = await client.apiRequest({ path: "/crm/v3/objects/contacts?limit=1" });
  assert.equal(answer.status, 200);
});

flow("what hubspot refuses carries its words", async () => {
  await client.crm.contacts.basicApi.create({ properties: { email: "twice@example.com" }, associations: [] });
  const again = { properties: { email: "TWICE@example.com" }, associations: [] };
  const error = await refused(() => client.crm.contacts.basicApi.create(again), "Contact already exists. Existing ID: ");
  assert.equal(error.code, 409);
});

flow("a list is filled, found and deleted", async () => {
  const contact = await client.crm.contacts.basicApi.create({ properties: { email: "listed@example.com" }, associations: [] });
  const { listsApi, membershipsApi } = client.crm.lists;
  const { list } = await listsApi.create({ name: "Drilled", objectTypeId: "0-1", processingType: "MANUAL" });
  await membershipsApi.add(list.listId, [contact.id]);
  assert.deepEqual((await membershipsApi.getPage(list.listId)).results.map(({ recordId }) => recordId), [contact.id]);
  const wanted = { query: "drilled", listIds: [], offset: 0, processingTypes: [], additionalProperties: [] };
  assert.deepEqual((await listsApi.doSearch(wanted)).lists.map(({ listId }) => listId), [list.listId]);
  await listsApi.updateName(list.listId, "Renamed");
  assert.equal((await listsApi.getById(list.listId)).list.name, "Renamed");
  await listsApi.remove(list.listId);
  await refused(() => listsApi.getById(list.listId), "404");
});

flow("a custom object is defined, used and done away with", async () => {
  const api = client.crm.schemas.coreApi;
  const made = await api.create({
    name: "kettle",
    labels: { singular: "Kettle", plural: "Kettles" },
    primaryDisplayProperty: "title",
    requiredProperties: ["title"],
    searchableProperties: [],
    secondaryDisplayProperties: [],
    properties: [{ name: "title", label: "Title", type: "string", fieldType: "text" }],
    associatedObjects: ["CONTACT"],
  });
  const objects = client.crm.objects.basicApi;
  const kettle = await objects.create(made.objectTypeId, { properties: { title: "Whistling" }, associations: [] });
  assert.equal((await objects.getById(made.objectTypeId, kettle.id, ["title"])).properties.title, "Whistling");
  await objects.archive(made.objectTypeId, kettle.id);
  await api.archive(made.objectTypeId);
  assert.deepEqual((await api.getAll()).results, []);
});

const CALLBACK = "http://127.0.0.1:3000/callback";
const portal = (method, path, body) => control(method, `hubspot/${env.PORTAL}/${path}`, body);

// A user in front of a browser: opens the page, presses its button, and is led back to the app.
async function connects(page) {
  const asked = await fetch(page);
  const [, token] = /name="token" value="(\w+)"/.exec(await asked.text());
  const cookie = asked.headers.get("set-cookie").split(";")[0];
  const body = new URLSearchParams({ token, portal: env.PORTAL });
  const press = await fetch(page, { method: "POST", body, headers: { cookie }, redirect: "manual" });
  return new URL(press.headers.get("location")).searchParams;
}

flowByTheWall("an app is let in by OAuth, refreshes its token and asks about it", async () => {
  const scopes = ["crm.objects.contacts.read", "oauth"];
  const { app } = await portal("POST", "apps", { name: "oauth", redirect_urls: [CALLBACK], scopes });
  const { tokensApi, accessTokensApi, refreshTokensApi } = client.oauth;
  const page = client.oauth.getAuthorizationUrl(app.client_id, CALLBACK, scopes[0], undefined, "drill");
  const back = await connects(page);
  assert.equal(back.get("state"), "drill");
  const own = [app.client_id, app.client_secret];
  const first = await tokensApi.create("authorization_code", back.get("code"), CALLBACK, ...own);
  const second = await tokensApi.create("refresh_token", undefined, undefined, ...own, first.refreshToken);
  assert.deepEqual([second.expiresIn, second.refreshToken], [1800, first.refreshToken]);
  assert.equal((await accessTokensApi.get(second.accessToken)).appId, app.id);
  const mine = new Client({ accessToken: second.accessToken });
  await mine.crm.contacts.basicApi.getPage();
  await refused(() => mine.crm.deals.basicApi.getPage(), "MISSING_SCOPES");
  await refreshTokensApi.archive(first.refreshToken);
  await refused(() => tokensApi.create("refresh_token", undefined, undefined, ...own, first.refreshToken), "400");
});

flowByTheWall("webhooks are subscribed to and their signatures hold", () =>
  receiver(async (address, arrived) => {
    const url = `${address}/hubspot`;
    const app = Number(env.HUBSPOT_APP_ID);
    const { settingsApi, subscriptionsApi } = new Client({ developerApiKey: env.HUBSPOT_DEVELOPER_KEY }).webhooks;
    await settingsApi.configure(app, { targetUrl: url, throttling: { maxConcurrentRequests: 5 } });
    await subscriptionsApi.create(app, { eventType: "contact.creation", active: true });
    const made = await client.crm.contacts.basicApi.create({ properties: { email: "told@example.com" }, associations: [] });
    await passes(30);
    const [{ headers, body }] = arrived;
    assert.deepEqual(JSON.parse(body).map(({ objectId }) => String(objectId)), [made.id]);
    const signed = { clientSecret: env.HUBSPOT_CLIENT_SECRET, requestBody: body, url, method: "POST" };
    const signatureVersion = headers["x-hubspot-signature-version"];
    assert.ok(Signature.isValid({ ...signed, signature: headers["x-hubspot-signature"], signatureVersion }));
    const timestamp = Number(headers["x-hubspot-request-timestamp"]);
    const newer = { ...signed, signature: headers["x-hubspot-signature-v3"], signatureVersion: "v3", timestamp };
    assert.ok(Signature.isValid(newer));
    assert.ok(!Signature.isValid({ ...newer, requestBody: "[]" }));
    await settingsApi.clear(app);
  }),
);

runAll();
