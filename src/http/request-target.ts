/** The forms in which a request line names what it wants (RFC 9112 section 3.2). */
export type RequestTarget =
  | {
      readonly kind: 'path'
      /** Path and query as received, percent-encoding untouched. */
      readonly target: string
      /** Host and port when the line itself names them; they then count instead of the header. */
      readonly authority?: string
    }
  /** `*`: the server as a whole. */
  | { readonly kind: 'server' }
  | { readonly kind: 'unreadable' }

const absoluteForm = /^https?:\/\/([^/?#]+)([^#]*)$/i

export function requestTarget(text: string): RequestTarget {
  if (text.startsWith('/')) return { kind: 'path', target: text }
  if (text === '*') return { kind: 'server' }
  const [, authority, rest = ''] = absoluteForm.exec(text) ?? []
  if (authority === undefined) return { kind: 'unreadable' }
  return { kind: 'path', authority, target: rest.startsWith('/') ? rest : `/${rest}` }
}
