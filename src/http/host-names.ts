/** Which `Host` a request may name, and the origin its links then carry (graph H10): a forged Host must not steer a client. */

export interface Origins {
  /** The origin to use for a request; undefined when its Host is none of ours. */
  originFor(host: string | undefined): string | undefined
  /** The first one: what is printed at start and stands in tokens. */
  readonly main: string
}

/** Origins as configured, such as `https://pomona.example` or `https://localhost:8443`; at least one. */
export function knownOrigins(origins: readonly string[]): Origins {
  const [main] = origins
  if (main === undefined) throw new Error('A server needs at least one origin')
  const byHost = new Map(origins.map((origin) => [new URL(origin).host, new URL(origin).origin]))
  const protocols = [...new Set(origins.map((origin) => new URL(origin).protocol))]
  return {
    main: new URL(main).origin,
    originFor: (host) => {
      if (host === undefined) return undefined
      for (const protocol of protocols) {
        // The URL parser lower-cases the name and drops a default port, as the map's keys have it.
        const url = URL.parse(`${protocol}//${host}`)
        const isPlain = url !== null && url.pathname === '/' && url.username === '' && !url.search
        const found = isPlain ? byHost.get(url.host) : undefined
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}
