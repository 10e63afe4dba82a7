/** Graph's schema has one namespace and an alias for it: `microsoft.graph.vppToken`, `graph.vppToken` (graph 4.1, 5.1, 7.10). */
export const namespace = 'microsoft.graph'
export const namespaceAlias = 'graph'

export function qualified(name: string): string {
  return `${namespace}.${name}`
}

/** What stands behind the namespace or its alias, in any case; undefined where neither does. */
export function unqualified(name: string): string | undefined {
  return /^(?:microsoft\.)?graph\.(.+)$/i.exec(name)?.[1]
}
