// Keeps how each job stands, and welcomes whoever completed one. Events come twice at times, and late: a job's highest
// `sequence` tells how it stands, whatever comes after it.
//
// Runs on Lambda behind an SQS queue that an EventBridge rule fills, with partial batch answers
// (ReportBatchItemFailures). `store` keeps `{sequence, state}` by job id; its `put` leaves a higher sequence as it is.
// `welcome` is called before the state is kept, so a crash between the two calls it again: it must bear that.
export function consumer(store, welcome) {
  async function take(event) {
    const job = event.detail.data.credential_binding_job;
    const { sequence } = event.detail.metadata;
    if (!job) return; // An event of a credential.
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
