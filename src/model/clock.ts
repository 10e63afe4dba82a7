/** Time as it is handed to everything that needs it, so that tests turn it by hand. */
export interface Clock {
  now(): Date
  /** Ends after `ms`, or rejects with the signal's reason when that comes first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
