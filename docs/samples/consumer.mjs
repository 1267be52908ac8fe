// Stores the current state of each job, and welcomes users whose job is complete. Events can arrive twice and out of order:
// the highest `sequence` of a job has its current state.
//
// Runs on Lambda behind an SQS queue, which is the target of an EventBridge rule, with partial batch responses
// (ReportBatchItemFailures). `store` keeps `{sequence, state}` for each job id; its `put` must not replace a higher sequence.
// `welcome` is called before the state is stored. After a crash between the two it is called again, so it must be idempotent.
export function consumer(store, welcome) {
  async function take(event) {
    const job = event.detail.data.credential_binding_job;
    const { sequence } = event.detail.metadata;
    if (!job) return; // The event is about a credential.
    const known = await store.get(job.id);
    if (known && known.sequence >= sequence) return;
    if (job.state === "COMPLETE" && known?.state !== "COMPLETE") await welcome(job);
    await store.put(job.id, { sequence, state: job.state });
  }

  return async function handler(batch) {
    const batchItemFailures = [];
    for (const message of batch.Records) {
      try {
        await take(JSON.parse(message.body));
      } catch (error) {
        console.error(JSON.stringify({ level: "ERROR", message_id: message.messageId, message: String(error) }));
        batchItemFailures.push({ itemIdentifier: message.messageId });
      }
    }
    return { batchItemFailures };
  };
}
