/** Identifiers are plain text; the names say which one is meant. All of Pomona's own are lower-case GUIDs. */
export type TenantId = string
export type TokenId = string
export type ClientId = string
export type RunId = string

const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isGuid(text: string): boolean {
  return guidForm.test(text)
}

/** Makes a fresh, time-ordered GUID (version 7): batched inserts into an ordered index are much cheaper with these. */
export type NewId = () => string
