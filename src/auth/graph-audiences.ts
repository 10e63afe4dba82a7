/** The audiences of Graph's own access tokens, which only the embedded issuer may write for here (graph 6.2). */
export const graphAudiences: readonly string[] = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  '00000003-0000-0000-c000-000000000000',
]

/** In whatever spelling: a token for the real Graph must not become one for Pomona through a capital or a slash. */
export function isGraphAudience(audience: string): boolean {
  return graphAudiences.includes(audience.toLowerCase().replace(/\/+$/, ''))
}
