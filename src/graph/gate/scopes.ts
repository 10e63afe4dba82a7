/** Which permissions open an operation; any one of a set is enough (graph 6.1). */
const named = (...names: readonly string[]) => names.map((name) => `DeviceManagement${name}`)

export const scopeSets = {
  readTokens: named(
    'ServiceConfig.Read.All',
    'ServiceConfig.ReadWrite.All',
    'ServiceConfiguration.Read.All',
    'ServiceConfiguration.ReadWrite.All',
    'Configuration.Read.All',
    'Configuration.ReadWrite.All',
    'Apps.ReadWrite.All',
  ),
  writeTokens: named(
    'ServiceConfig.ReadWrite.All',
    'ServiceConfiguration.ReadWrite.All',
    'Configuration.ReadWrite.All',
    'Apps.ReadWrite.All',
  ),
  readApps: named('Apps.Read.All', 'Apps.ReadWrite.All'),
  writeApps: named('Apps.ReadWrite.All'),
  readServiceConfig: named('ServiceConfig.Read.All', 'ServiceConfig.ReadWrite.All'),
  /** Any access token of the tenant (graph G12). */
  anyToken: [],
} as const satisfies Record<string, readonly string[]>
export type ScopeSet = keyof typeof scopeSets

/** Every permission that Pomona knows: what a client can be granted. */
export const knownPermissions: readonly string[] = [...new Set(Object.values(scopeSets).flat())]

export function isPermitted(set: ScopeSet, permissions: ReadonlySet<string>): boolean {
  const accepted: readonly string[] = scopeSets[set]
  return accepted.length === 0 || accepted.some((scope) => permissions.has(scope))
}
