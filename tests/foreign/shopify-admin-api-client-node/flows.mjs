// @shopify/admin-api-client: its GraphQL client and its REST client, on the shop's own https host.

import assert from "node:assert/strict";
import { createAdminApiClient, createAdminRestApiClient } from "@shopify/admin-api-client";
import { control, env, flow, passes, runAll, shop } from "./drill.mjs";

const access = { storeDomain: env.SHOP, accessToken: env.SHOPIFY_TOKEN };
const graphql = createAdminApiClient({ ...access, apiVersion: "2026-10", retries: 0 });
const rest = createAdminRestApiClient({ ...access, apiVersion: "2026-07" });

async function asked(text, variables) {
  const { data, errors, extensions } = await graphql.request(text, { variables });
  assert.equal(errors, undefined, JSON.stringify(errors));
  return { ...data, extensions };
}

flow("GraphQL: the shop is queried and the cost is told", async () => {
  const { shop, extensions } = await asked("{ shop { myshopifyDomain currencyCode } }");
  assert.equal(shop.myshopifyDomain, env.SHOP);
  assert.ok(extensions.cost.throttleStatus.maximumAvailable > 0);
});

flow("GraphQL: a product is created, read, changed and deleted", async () => {
  const made = await asked(
    "mutation ($product: ProductCreateInput!) { productCreate(product: $product) { product { id title } userErrors { field message } } }",
    { product: { title: "Teapot" } },
  );
  assert.deepEqual(made.productCreate.userErrors, []);
  const { id } = made.productCreate.product;
  await asked(
    "mutation ($product: ProductUpdateInput!) { productUpdate(product: $product) { product { id } userErrors { message } } }",
    { product: { id, title: "Big teapot" } },
  );
  const { product } = await asked("query ($id: ID!) { product(id: $id) { title } }", { id });
  assert.equal(product.title, "Big teapot");
  const gone = await asked("mutation ($id: ID!) { productDelete(input: {id: $id}) { deletedProductId userErrors { message } } }", { id });
  assert.equal(gone.productDelete.deletedProductId, id);
});

flow("GraphQL: a mutation that is refused tells its user errors", async () => {
  const make = "mutation ($input: CustomerInput!) { customerCreate(input: $input) { customer { id } userErrors { field message } } }";
  await asked(make, { input: { email: "twice@example.com" } });
  const { customerCreate } = await asked(make, { input: { email: "twice@example.com" } });
  assert.deepEqual(customerCreate.userErrors, [{ field: ["email"], message: "Email has already been taken" }]);
});

flow("GraphQL: a connection is paged to its end", async () => {
  await shop("POST", "seed", { customers: 7 });
  const page = "query ($after: String) { customers(first: 3, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
  const seen = new Set();
  for (let after = null, more = true; more; ) {
    const { customers } = await asked(page, { after });
    customers.nodes.forEach(({ id }) => seen.add(id));
    more = customers.pageInfo.hasNextPage;
    after = customers.pageInfo.endCursor;
  }
  assert.equal(seen.size, 8);
});

flow("GraphQL: a query that costs too much, and an unknown field, are errors of the client", async () => {
  const many = await graphql.request("{ customers(first: 250) { nodes { orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } } } } } }");
  assert.equal(many.errors.graphQLErrors[0].extensions.code, "MAX_COST_EXCEEDED");
  const unknown = await graphql.request("{ shop { nothing } }");
  assert.match(unknown.errors.graphQLErrors[0].message, /nothing/);
});

flow("GraphQL: who asks too much is throttled, and may ask again later", async () => {
  const large = "{ customers(first: 50) { nodes { orders(first: 50) { nodes { lineItems(first: 5) { nodes { id } } } } } } }";
  await shop("POST", "seed", { customers: 8, orders: 20 });
  await control("POST", "clock", { rate: 0 }); // a bucket that restores 100 points a second is hard to empty
  let throttled;
  for (let asked = 0; asked < 80 && !throttled; asked += 1) {
    const { errors } = await graphql.request(large);
    throttled = errors?.graphQLErrors?.find(({ extensions }) => extensions.code === "THROTTLED");
  }
  await control("POST", "clock", { rate: 1 });
  assert.ok(throttled);
  await passes(60);
  await asked("{ shop { id } }");
});

flow("GraphQL: a bulk query runs and its file is fetched", async () => {
  const run = await asked(
    'mutation ($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id status } userErrors { field message } } }',
    { query: "{ customers { edges { node { id } } } }" },
  );
  assert.deepEqual(run.bulkOperationRunQuery.userErrors, []);
  await passes(600);
  const { node } = await asked("query ($id: ID!) { node(id: $id) { ... on BulkOperation { status url objectCount } } }", {
    id: run.bulkOperationRunQuery.bulkOperation.id,
  });
  assert.equal(node.status, "COMPLETED");
  assert.ok(node.url.startsWith(`https://${env.SHOP}/`), node.url);
  const lines = (await (await fetch(node.url)).text()).trim().split("\n");
  assert.equal(lines.length, Number(node.objectCount));
});

flow("REST: a customer is created, read, changed, listed and deleted", async () => {
  const made = await rest.post("customers", { data: { customer: { first_name: "Ada" } } });
  assert.equal(made.status, 201);
  const { id } = (await made.json()).customer;
  await rest.put(`customers/${id}`, { data: { customer: { first_name: "Grace" } } });
  const read = await (await rest.get(`customers/${id}`)).json();
  assert.equal(read.customer.first_name, "Grace");
  const listed = await (await rest.get("customers", { searchParams: { ids: String(id) } })).json();
  assert.deepEqual(listed.customers.map((each) => each.id), [id]);
  assert.equal((await rest.delete(`customers/${id}`)).status, 200);
  assert.equal((await rest.get(`customers/${id}`)).status, 404);
});

runAll();
