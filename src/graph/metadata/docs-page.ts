/** `/docs`: the API for people, and beside it the descriptions for programs. Open to everybody, like the metadata (graph G18). */
import { createHash } from 'node:crypto'
import type { Answer, HttpResponse } from '../../ports/route.ts'
import { type Version, versions } from '../entity-set.ts'
import { docsPage, openapiFiles } from './docs/page.ts'
import { style } from './docs/style.ts'
import { openapi } from './openapi.ts'

export function isDocsPath(target: string): boolean {
  return /^\/docs(?:[/?]|$)/.test(target)
}

/** For everything that `isDocsPath`. `caFile`: as for `docsPage`. */
export function docsAnswer(caFile?: string): Answer {
  // Documents differ by the origin alone, and the origins are our own (graph H10).
  const made = new Map<string, string>()
  const once = (key: string, make: () => string) => {
    const text = made.get(key) ?? make()
    made.set(key, text)
    return text
  }
  return async ({ method, target, origin }) => {
    const path = (target.split('?', 1)[0] ?? '').replace(/\/$/, '')
    const file = path === '/docs' ? undefined : fileAt(path)
    if (path !== '/docs' && file === undefined)
      return said(404, `Ask /docs, or one of: ${[...files.keys()].join(', ')}.`)
    if (method !== 'GET' && method !== 'HEAD')
      return { ...said(405, 'Use GET.'), headers: { ...plain, Allow: 'GET, HEAD' } }
    return file === undefined
      ? answered(
          path,
          'text/html; charset=utf-8',
          once(`${origin} page`, () => docsPage(origin, caFile)),
        )
      : answered(
          path,
          'application/json',
          once(`${origin} ${file}`, () => openapi(file, origin)),
        )
  }
}

const files = new Map<string, Version>(
  versions.map((version) => [`/docs/${openapiFiles[version]}`, version]),
)

function fileAt(path: string): Version | undefined {
  return files.get(path)
}

/** Nothing is loaded and nothing runs; the one style is the page's own. */
const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
}
const plain = { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }

function answered(route: string, type: string, body: string): HttpResponse {
  return { status: 200, headers: { ...headers, 'Content-Type': type }, body, observed: { route } }
}

function said(status: number, text: string): HttpResponse {
  return { status, headers: plain, body: `${text}\n`, observed: { route: '/docs' } }
}
