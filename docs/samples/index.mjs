// The consumer on Lambda (the Node.js runtime includes the SDK), with a DynamoDB table whose key is the string `id`.
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { consumer } from "./consumer.mjs";

const client = new DynamoDBClient();
const at = (id) => ({ TableName: process.env.TABLE_NAME, Key: { id: { S: id } } });

const store = {
  async get(id) {
    const { Item } = await client.send(new GetItemCommand({ ...at(id), ConsistentRead: true }));
    return Item && { sequence: Number(Item.latest.N), state: Item.job_state.S };
  },
  async put(id, { sequence, state }) {
    const update = new UpdateItemCommand({
      ...at(id),
      UpdateExpression: "SET latest = :sequence, job_state = :state",
      ConditionExpression: "attribute_not_exists(latest) OR latest < :sequence",
      ExpressionAttributeValues: { ":sequence": { N: String(sequence) }, ":state": { S: state } },
    });
    await client.send(update).catch((error) => {
      if (error.name !== "ConditionalCheckFailedException") throw error;
    });
  },
};

export const handler = consumer(store, async (job) => console.log(JSON.stringify({ welcome: job.identity_id })));
