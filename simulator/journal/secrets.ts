import type { World } from '../world/world.ts'

export const hidden = '[secret]'

/** Every text of this world that must not be written down, longest first. */
export function secretsOf(world: World, presented: string | undefined): string[] {
  const secrets = world.state.tokens.flatMap((token) => [token.outer, token.inner])
  for (const library of world.state.libraries.values()) {
    if (library.notification) secrets.push(library.notification.authToken)
  }
  if (presented !== undefined) secrets.push(presented)
  return secrets
    .filter((secret) => secret.length >= 8)
    .sort((left, right) => right.length - left.length)
}

export function withoutSecrets(text: string, secrets: string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, hidden), text)
}

/** A body for the journal: as JSON, every `notificationAuthToken` and every known secret replaced. */
export function bodyWithoutSecrets(bodyText: string, secrets: string[]): unknown {
  if (bodyText === '') return null
  try {
    return JSON.parse(bodyText, (name, value: unknown) => {
      if (name === 'notificationAuthToken' && value !== '') return hidden
      return typeof value === 'string' ? withoutSecrets(value, secrets) : value
    })
  } catch {
    return `[not JSON, ${Buffer.byteLength(bodyText)} bytes]`
  }
}

/** A query for the journal, and whether there was a secret in the address. */
export function addressWithoutSecrets(path: string, query: URLSearchParams, secrets: string[]) {
  const clean: Record<string, string | string[]> = {}
  let secretInUrl = withoutSecrets(path, secrets) !== path
  for (const [name, value] of query) {
    // A plus sign of a base64 text that was not percent-encoded has become a space.
    const cleanName = withoutSecrets(name, secrets)
    const cleanValue = withoutSecrets(withoutSecrets(value, secrets).replaceAll(' ', '+'), secrets)
    const isSecret = cleanValue.includes(hidden) || cleanName !== name
    secretInUrl ||= isSecret
    const shown = isSecret ? cleanValue : value
    const earlier = Object.hasOwn(clean, cleanName) ? clean[cleanName] : undefined
    clean[cleanName] = earlier === undefined ? shown : [earlier, shown].flat()
  }
  return { path: withoutSecrets(path, secrets), query: clean, secretInUrl }
}
