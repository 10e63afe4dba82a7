/** What callers of a service that may die at any moment know: what was accepted, and what may or may not have been done. */
export interface Accepted {
  readonly id: string
  readonly location: number
  /** Fingerprints that the record may have: one, and that of a renewal that was never answered. */
  possible: Set<string>
  /** Fingerprints of the renewals that were answered, in order. */
  readonly renewals: string[]
  /** A request for it is on its way. */
  isBusy: boolean
}

interface Seen {
  readonly id: string
  readonly displayName: string | null
  readonly contentFingerprint: string | null
}

export interface Ledger {
  /** By id. */
  readonly records: ReadonlyMap<string, Accepted>
  /** Answers a name that only this create has. */
  beginCreate(location: number, fingerprint: string): string
  endCreate(displayName: string, id: string): void
  /** Some record that nobody is busy with; undefined when there is none. */
  takeIdle(random: () => number): Accepted | undefined
  /** Compares with all that the service has now; answers what should not be. From then on nothing is in doubt. */
  compare(seen: readonly Seen[]): readonly string[]
}

export function openLedger(): Ledger {
  const records = new Map<string, Accepted>()
  const creating = new Map<string, { readonly location: number; readonly fingerprint: string }>()
  let names = 0

  function accept(displayName: string, id: string): void {
    const begun = creating.get(displayName)
    if (begun === undefined) throw new Error(`nobody created ${displayName}`)
    creating.delete(displayName)
    const possible = new Set([begun.fingerprint])
    records.set(id, { id, location: begun.location, possible, renewals: [], isBusy: false })
  }

  return {
    records,
    beginCreate(location, fingerprint) {
      names += 1
      const displayName = `create-${names}`
      creating.set(displayName, { location, fingerprint })
      return displayName
    },
    endCreate: accept,
    takeIdle(random) {
      const idle = [...records.values()].filter(({ isBusy }) => !isBusy)
      const taken = idle[Math.floor(random() * idle.length)]
      if (taken) taken.isBusy = true
      return taken
    },
    compare(seen) {
      const wrong: string[] = []
      const ids = new Set(seen.map(({ id }) => id))
      for (const id of records.keys())
        if (!ids.has(id)) wrong.push(`${id} was accepted and is lost`)
      for (const { id, displayName, contentFingerprint } of seen) {
        if (!records.has(id)) {
          if (creating.has(displayName ?? '')) accept(displayName ?? '', id)
          else wrong.push(`${id} (${displayName}) was created by nobody`)
        }
        const record = records.get(id)
        if (record === undefined) continue
        if (!record.possible.has(contentFingerprint ?? ''))
          wrong.push(
            `${id} has ${contentFingerprint} instead of ${[...record.possible].join(' or ')}`,
          )
        record.possible = new Set([contentFingerprint ?? ''])
        record.isBusy = false
      }
      // What is not there now never comes.
      creating.clear()
      return wrong
    },
  }
}
