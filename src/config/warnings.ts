/** What a service starts with, and what its operator has probably not meant. One rule, one entry. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { appleBaseUrl } from '../apple/endpoints.ts'
import { isAnyAddress, isLoopbackHost } from '../http/host-names.ts'
import type { SettingProblem } from './read-settings.ts'
import type { ServiceSettingName, SettingValues } from './settings.ts'

/** Of settings that could not be read, their rule says nothing. */
type Values = Partial<SettingValues<ServiceSettingName>>

export function warnings(values: Values): readonly SettingProblem[] {
  return rules.flatMap(([setting, rule]) => {
    const message = rule(values)
    return message === undefined ? [] : [{ setting, message }]
  })
}

const rules: readonly (readonly [ServiceSettingName, (values: Values) => string | undefined])[] = [
  [
    'public-origin',
    ({ listen, 'public-origin': origins }) => {
      if (listen === undefined || !isAnyAddress(listen.host) || origins?.length !== 0) return
      return `It listens on every address of this machine (--listen), but answers only who calls it localhost: all others get 400. Say by what name clients call it, such as --public-origin https://pomona.example.com:${listen.port || 8443}.`
    },
  ],
  [
    'apple-url',
    ({ 'apple-url': url }) => {
      const { pathname } = new URL(appleBaseUrl)
      if (url === undefined || new URL(url).pathname.endsWith(pathname)) return
      return `--apple-url is '${url}', and the address of Apple's service, or of its simulator, ends in ${pathname}. Put that behind it, or every sync will find nothing there.`
    },
  ],
  [
    'tls-cert',
    (values) => {
      const { 'tls-cert': file } = values
      const missing = file === undefined ? [] : namesMissing(file, hostsOf(values))
      if (missing.length === 0) return
      return `The certificate in '${file}' (--tls-cert) is not for ${missing.join(', ')}, by which clients call the service. Have one issued that names it, or correct --public-origin.`
    },
  ],
]

/** By which clients come, as far as the settings say. */
function hostsOf({ listen, 'public-origin': origins = [] }: Values): readonly string[] {
  const hosts = origins.map((origin) => new URL(origin).hostname.replace(/^\[|\]$/g, ''))
  if (hosts.length > 0 || listen === undefined || isAnyAddress(listen.host)) return hosts
  return [isLoopbackHost(listen.host) ? 'localhost' : listen.host]
}

/** None when the file cannot be read: the start, and `config check`, say that in other words. */
function namesMissing(file: string, hosts: readonly string[]): readonly string[] {
  try {
    const certificate = new X509Certificate(readFileSync(file))
    return hosts.filter((host) =>
      isIP(host) === 0
        ? certificate.checkHost(host) === undefined
        : certificate.checkIP(host) === undefined,
    )
  } catch {
    return []
  }
}
