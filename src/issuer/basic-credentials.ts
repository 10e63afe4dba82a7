/** Client id and secret in a Basic header, each form-encoded inside it (RFC 6749 section 2.3.1). */
import { OAuthRefusal } from './oauth-refusal.ts'

/** Undefined without a Basic header. OAuthRefusal when there is one that holds no id and secret. */
export function basicCredentials(
  authorization: string | undefined,
): { readonly clientId: string; readonly clientSecret: string } | undefined {
  const encoded = /^Basic +(.*)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [, clientId, clientSecret] =
    /^([^:]+):(.+)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  if (clientId === undefined || clientSecret === undefined) throw unreadable()
  return { clientId: formDecoded(clientId), clientSecret: formDecoded(clientSecret) }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw unreadable()
  }
}

function unreadable(): OAuthRefusal {
  return new OAuthRefusal(
    'missingSecret',
    'The Authorization header holds no client id and secret. Send them form-encoded and joined by a colon, in base64.',
  )
}
