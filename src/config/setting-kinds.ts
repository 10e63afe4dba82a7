/** The kinds of value that a setting can have: each reads a text, and writes the text that reads as the same value again. */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { longestInstanceName } from '../domain/ownership/own-registration.ts'
import { isLoopbackHost } from '../http/host-names.ts'
import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'

export interface Kind<Value> {
  /** Failure `misconfigured` whose message says what is expected, and repeats nothing of the text. */
  parse(text: string): Value
  format(value: Value): string
}

const wrong = (message: string) => new Failure('misconfigured', message)

export const anyText: Kind<string> = {
  parse: (text) => {
    if (text.trim() === '') throw wrong('It is empty.')
    return text
  },
  format: (value) => value,
}

/** As Apple takes it for the name of a server (Apple 3.1). */
export const shortName: Kind<string> = {
  parse: (text) => {
    const name = anyText.parse(text).trim()
    if (name.length > longestInstanceName || /\p{Cc}/u.test(name))
      throw wrong(`Give at most ${longestInstanceName} characters, in one line.`)
    return name
  },
  format: (value) => value,
}

/** Absolute from here on, so that it means the same wherever it is written down. */
export const path: Kind<string> = {
  parse: (text) => resolve(anyText.parse(text)),
  format: (value) => value,
}

/** `-` stands for standard input. */
export const pathOrInput: Kind<string> = {
  parse: (text) => (text === '-' ? text : path.parse(text)),
  format: (value) => value,
}

export const onOrOff: Kind<boolean> = {
  parse: (text) => {
    if (text !== 'true' && text !== 'false') throw wrong('Give true or false.')
    return text === 'true'
  },
  format: String,
}

export function oneOf<const Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return {
    parse: (text) => {
      const found = choices.find((choice) => choice === text)
      if (found === undefined) throw wrong(`Give one of: ${choices.join(', ')}.`)
      return found
    },
    format: (value) => value,
  }
}

export interface ListenAddress {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
}

export const listenAddress: Kind<ListenAddress> = {
  parse: (text) => {
    const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text)
    const host = parts?.[1] ?? parts?.[2]
    const port = Number(parts?.[3])
    if (host === undefined || port > 65_535)
      throw wrong('Give a host and a port, such as 127.0.0.1:8443 or [::1]:8443.')
    return { host, port }
  },
  format: ({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`),
}

/** Without the slashes at its end. */
export const webAddress: Kind<string> = {
  parse: (text) => {
    webUrl(text)
    return text.replace(/\/+$/, '')
  },
  format: (value) => value,
}

/** A host as it stands in the addresses of its pages, with its port where that is not the usual one. */
export const webHost: Kind<string> = {
  parse: (text) => {
    const url = URL.parse(`https://${text}`)
    if (url === null || url.host !== text.toLowerCase() || text.includes('*'))
      throw wrong('Give a host, or a host and a port, such as store.example.com:8443.')
    return url.host
  },
  format: (value) => value,
}

/** A host, or `*.` and a domain for every name below it. */
export const webHostPattern: Kind<string> = {
  parse: (text) =>
    text.startsWith('*.') ? `*.${webHost.parse(text.slice(2))}` : webHost.parse(text),
  format: (value) => value,
}

/** As BCP 47 has them; which ones are served is the store's matter. */
export const languageTag: Kind<string> = {
  parse: (text) => {
    if (!/^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i.test(text))
      throw wrong('Give a language tag, such as en-gb or de.')
    return text.toLowerCase()
  },
  format: (value) => value,
}

/** Scheme, host and port: what clients call a service by. */
export const webOrigin: Kind<string> = {
  parse: (text) => {
    const url = webUrl(text)
    if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
      throw wrong('Give scheme, host and port alone, such as https://pomona.example.com.')
    return url.origin
  },
  format: (value) => value,
}

/** Where secrets are sent: HTTPS, or this same machine. */
export const safeOrigin: Kind<string> = {
  parse: (text) => {
    const origin = webOrigin.parse(text)
    const url = new URL(origin)
    if (url.protocol === 'http:' && !isThisMachine(url))
      throw wrong(
        'Give an https address: over plain http the client secret could be read on the way.',
      )
    return origin
  },
  format: (value) => value,
}

function isThisMachine({ hostname }: URL): boolean {
  return isLoopbackHost(hostname.replace(/^\[|\]$/g, ''))
}

function webUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw wrong('Give an absolute http or https URL.')
  return url
}

/** Address and length, such as `10.0.0.0/8`; a single address is a network of its own. */
export const network: Kind<string> = {
  parse: (text) => {
    const [address = '', length, ...rest] = text.split('/')
    const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
    const isLength = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits)
    if (bits === 0 || !isLength || rest.length > 0)
      throw wrong('Give an address or a network, such as 10.1.2.3, 10.0.0.0/8 or fd00::/8.')
    return `${address}/${length === undefined ? bits : Number(length)}`
  },
  format: (value) => value,
}

const unlimited = 'off'
const forever = 'forever'

/** Whole days; undefined = for ever. */
export const days: Kind<number | undefined> = {
  parse: (text) => {
    if (text === forever) return undefined
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
    if (number < 1) throw wrong('Give whole days from 1 to 99999, or forever.')
    return number
  },
  format: (value) => (value === undefined ? forever : String(value)),
}

/** Whole seconds, no more than `most`. */
export function seconds(most: number): Kind<number> {
  return {
    parse: (text) => {
      const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
      if (number < 1 || number > most) throw wrong(`Give whole seconds from 1 to ${most}.`)
      return number
    },
    format: String,
  }
}

/** How often something may happen; undefined = as often as anybody likes. */
export const limit: Kind<number | undefined> = {
  parse: (text) => {
    if (text === unlimited) return undefined
    const number = /^\d{1,9}$/.test(text) ? Number(text) : 0
    if (number < 1) throw wrong('Give a whole number from 1 up, or off.')
    return number
  },
  format: (value) => (value === undefined ? unlimited : String(value)),
}

export const guid: Kind<string> = {
  parse: (text) => {
    if (!isGuid(text)) throw wrong('Give a GUID, such as 3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee.')
    return text.toLowerCase()
  },
  format: (value) => value,
}

/** An OpenID Connect issuer and the tenants it may speak for; `fromIssuer` = the one whose id stands in its URL. */
export interface IssuerSetting {
  readonly issuer: string
  readonly tenants: readonly string[] | 'fromIssuer'
}

const issuerForm =
  'Give the issuer’s URL, “=” and its tenant ids with commas between them; or a URL that holds {tid} once, where the tenant’s id stands.'

export const issuer: Kind<IssuerSetting> = {
  parse: (text) => {
    const split = text.lastIndexOf('=')
    const url = split < 0 ? text : text.slice(0, split)
    const marks = url.split('{tid}').length - 1
    if (marks > 1 || (split < 0 && marks === 0)) throw wrong(issuerForm)
    const parsed = URL.parse(url.replace('{tid}', 'tid'))
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw wrong(issuerForm)
    if (parsed.protocol === 'http:' && !isThisMachine(parsed))
      throw wrong('Give an https URL: whoever is on the way could otherwise hand out keys.')
    if (split < 0) return { issuer: url, tenants: 'fromIssuer' }
    const tenants = text.slice(split + 1).split(',')
    if (!tenants.every(isGuid)) throw wrong(issuerForm)
    return { issuer: url, tenants: tenants.map((tenant) => tenant.toLowerCase()) }
  },
  format: ({ issuer: url, tenants }) =>
    tenants === 'fromIssuer' ? url : `${url}=${tenants.join(',')}`,
}
