/** `sqlite:FILE` or `postgres://…`. The second one can hold a password and is never shown as it is. */
import { resolve } from 'node:path'
import { Failure } from '../model/failure.ts'
import type { Kind } from './setting-kinds.ts'

const mask = '********'
const form = 'Give sqlite: and the path of a file, or postgres://USER@HOST:PORT/DATABASE.'

export const storageUrl: Kind<string> = {
  parse: (text) => {
    const url = text.trim()
    if (url.includes(mask))
      throw new Failure(
        'misconfigured',
        'It holds a masked password, as pomona config dump shows it. Put the password in, or name a file with the whole URL by storage-url-file.',
      )
    const file = /^sqlite:(.+)$/.exec(url)?.[1]
    if (file !== undefined) return `sqlite:${resolve(file)}`
    if (!isPostgres(url) || URL.parse(url) === null) throw new Failure('misconfigured', form)
    return url
  },
  format: (value) => value,
}

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url)
}

export function hasPassword(url: string): boolean {
  return maskedStorageUrl(url) !== url
}

/** The URL without its password: who, where and which database stay readable. */
export function maskedStorageUrl(url: string): string {
  if (!isPostgres(url)) return url
  return url
    .replace(/^(\w+:\/\/[^:/?#@]*:).+@/, `$1${mask}@`)
    .replace(/([?&](?:password|sslpassword)=)[^&#]*/gi, `$1${mask}`)
}
