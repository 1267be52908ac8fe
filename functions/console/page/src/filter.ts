// The filter of a list of jobs, in the API's syntax (SCIM, RFC 7644 §3.4.2.2).

export interface Wish {
  state?: string;
  method?: string;
  /** Not before this time, in milliseconds. */
  since?: number;
  /** A job's id. */
  job?: string;
}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isJobId = (text: string): boolean => UUID_V7.test(text);

/** When a version 7 id was created (RFC 9562 §5.7): its first 48 bits are milliseconds. */
export const timeOf = (id: string): number => parseInt(id.replaceAll('-', '').slice(0, 12), 16);

export function filterOf({ state, method, since, job }: Wish): string {
  const terms: string[] = [];
  if (state) terms.push(`state eq ${JSON.stringify(state)}`);
  if (method) terms.push(`delivery_method eq ${JSON.stringify(method)}`);
  if (since !== undefined) terms.push(`create_time ge ${JSON.stringify(new Date(since).toISOString())}`);
  // A job's id contains its creation time, by which the table is sorted.
  if (job) terms.push(`create_time eq ${JSON.stringify(new Date(timeOf(job)).toISOString())}`);
  return terms.join(' and ');
}
