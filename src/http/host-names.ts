/** Which `Host` a request may name, and the origin its links then carry (graph H10): a forged Host must not steer a client. */
import { Failure } from '../model/failure.ts'

export interface Origins {
  /** The origin to use for a request; undefined when its Host is none of ours. `protocol` such as `https:`, when it is known. */
  originFor(host: string | undefined, protocol?: string): string | undefined
  /** The first one: what is printed at start. */
  readonly main: string
  readonly all: readonly string[]
}

/** A name of ours can be spelt in many ways, in capitals and small letters. */
const mostSpellings = 100

/** Origins such as `https://pomona.example` or `https://localhost:8443`; at least one. */
export function knownOrigins(origins: readonly string[]): Origins {
  const all = [...new Set(origins.map((origin) => new URL(origin).origin))]
  const [main] = all
  if (main === undefined) throw new Error('A server needs at least one origin')
  const protocols = [...new Set(all.map((origin) => new URL(origin).protocol))]
  /** Most requests come by one and the same name; only names that are ours are kept, and no more than a few. */
  const found = new Map<string, string>()
  return {
    main,
    all,
    originFor: (host, protocol) => {
      if (host === undefined) return undefined
      const key = `${protocol} ${host}`
      const known = found.get(key)
      if (known !== undefined) return known
      // A proxy that speaks HTTP on the outside too is no reason to refuse: links lead to the configured scheme.
      const tried = protocol === undefined ? protocols : [protocol, ...protocols]
      const origin = tried
        .map((each) => originAt(each, host))
        .find((each) => all.includes(each ?? ''))
      if (origin !== undefined && found.size < mostSpellings) found.set(key, origin)
      return origin
    },
  }
}

/** The URL parser lower-cases the name and drops a default port, as the known origins have it. */
function originAt(protocol: string, host: string): string | undefined {
  const url = URL.parse(`${protocol}//${host}`)
  const isPlain = url !== null && url.pathname === '/' && url.username === '' && !url.search
  return isPlain ? url.origin : undefined
}

/** The public origins as links carry them. Failure `misconfigured` for anything that is more or less than an origin. */
export function publicOrigins(texts: readonly string[]): readonly string[] {
  return texts.map((text) => {
    const url = URL.parse(text)
    const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:'
    if (url !== null && isHttp && `${url.origin}/` === url.href) return url.origin
    throw new Failure(
      'misconfigured',
      `The public origin '${text}' is not one. Give scheme, host and port only, such as https://pomona.example or https://pomona.example:8443.`,
      { property: 'public-origin' },
    )
  })
}

/**
 * The origins of a listener itself. `localhost` stands first: it is what the local certificate and people's commands name.
 * Any address (`0.0.0.0`, `::`) has no name of its own.
 */
export function ownOrigins(scheme: 'http' | 'https', host: string, port: number): string[] {
  const own = isAnyAddress(host) ? [] : [host.includes(':') ? `[${host}]` : host]
  const names = ['localhost', '127.0.0.1', '[::1]', ...own]
  return [...new Set(names.map((name) => new URL(`${scheme}://${name}:${port}`).origin))]
}

/**
 * With public origins configured, only they count. A listener on loopback keeps its own names beside them: whoever reaches
 * it by one of those stands on this machine.
 */
export function originsOfListener(listener: {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly publicOrigins: readonly string[]
}): Origins {
  const { scheme, host, port, publicOrigins: configured } = listener
  const isOwnToo = configured.length === 0 || isLoopbackHost(host)
  return knownOrigins([...configured, ...(isOwnToo ? ownOrigins(scheme, host, port) : [])])
}

export function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** A name or an address, an IPv6 one without brackets. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
