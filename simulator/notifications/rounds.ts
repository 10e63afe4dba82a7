/** What brings a world's notifications; no snapshot holds it. */
export interface Courier {
  /** One for each location that has something under way: its messages go one after the other. */
  rounds: Map<string, Promise<void>>
  stopped: AbortController
  cancelAlarm: (() => void) | undefined
}

export function newCourier(): Courier {
  return { rounds: new Map(), stopped: new AbortController(), cancelAlarm: undefined }
}

/** Ends what is under way and brings nothing any more. */
export function stopCourier(courier: Courier): void {
  courier.cancelAlarm?.()
  courier.stopped.abort()
}
