/** Counts what went wrong per name in windows of fixed length. Bounded: the window that ends first is given up first. */
export interface FailedAttempts {
  /** Milliseconds until the name may try again; 0 = now. */
  waitMs(name: string, nowMs: number): number
  add(name: string, nowMs: number): void
  forget(name: string): void
}

interface Window {
  readonly failures: number
  readonly endsAtMs: number
}

/** A name waits for the end of its window once it holds `limit` failures; at most `size` names are remembered. */
export function failedAttempts({
  limit,
  windowMs,
  size,
}: {
  readonly limit: number
  readonly windowMs: number
  readonly size: number
}): FailedAttempts {
  // Windows are equally long and a Map keeps the order of insertion, so the first entry is the one that ends first.
  const windows = new Map<string, Window>()
  const openWindow = (name: string, nowMs: number): Window | undefined => {
    const window = windows.get(name)
    if (!window || window.endsAtMs > nowMs) return window
    windows.delete(name)
    return undefined
  }
  return {
    waitMs(name, nowMs) {
      const window = openWindow(name, nowMs)
      return window && window.failures >= limit ? window.endsAtMs - nowMs : 0
    },
    add(name, nowMs) {
      const window = openWindow(name, nowMs) ?? { failures: 0, endsAtMs: nowMs + windowMs }
      windows.set(name, { ...window, failures: window.failures + 1 })
      if (windows.size <= size) return
      const [first] = windows.keys()
      if (first !== undefined) windows.delete(first)
    },
    forget(name) {
      windows.delete(name)
    },
  }
}
