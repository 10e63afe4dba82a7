/** The envelope of a batch, read and checked as a whole before any item runs (graph 7.8, H11). */
import { Failure } from '../../model/failure.ts'

/** Graph's own number. */
const mostItems = 20

export interface BatchItem {
  readonly id: string
  readonly method: string
  /** As received: relative to the version, with or without a leading slash. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined = the item has none. */
  readonly body: unknown
  readonly dependsOn: readonly string[]
}

/** Failure `badRequest` names the item and what is wrong with it; then no item runs. */
export function readBatch(envelope: unknown): readonly BatchItem[] {
  const requests = isObject(envelope) ? envelope.requests : undefined
  if (!Array.isArray(requests) || requests.length === 0)
    throw refused("The body of a batch must be an object with a list 'requests' of 1 to 20 items.")
  if (requests.length > mostItems)
    throw refused(
      `A batch takes at most ${mostItems} requests, and this one holds ${requests.length}. Send the others in another batch.`,
    )
  const items = requests.map(readItem)
  const ids = new Set(items.map(({ id }) => id))
  if (ids.size < items.length)
    throw refused('Two requests of the batch have the same id. Give each an id of its own.')
  for (const { id, dependsOn } of items)
    for (const needed of dependsOn)
      if (!ids.has(needed))
        throw refused(
          `The request '${shown(id)}' of the batch depends on '${shown(needed)}', which is not in the batch.`,
        )
  inOrder(items)
  return items
}

function readItem(item: unknown, index: number): BatchItem {
  if (!isObject(item)) throw refused(`Request ${index + 1} of the batch is not a JSON object.`)
  const { id, method, url, headers = {}, body, dependsOn = [] } = item
  if (typeof id !== 'string' || id === '')
    throw refused(`Request ${index + 1} of the batch has no 'id'. Give each one a text of its own.`)
  if (typeof method !== 'string' || typeof url !== 'string')
    throw refused(`The request '${shown(id)}' of the batch needs a 'method' and a 'url'.`)
  if (!isObject(headers ?? {}))
    throw refused(`The 'headers' of the request '${shown(id)}' must be a JSON object.`)
  if (!isTexts(dependsOn ?? []))
    throw refused(`'dependsOn' of the request '${shown(id)}' must be a list of ids.`)
  return {
    id,
    method: method.toUpperCase(),
    url,
    headers: lowerCased(headers ?? {}),
    body: body ?? undefined,
    dependsOn: (dependsOn ?? []) as readonly string[],
  }
}

/** The items so that each follows those it depends on. Failure `badRequest` when they wait for each other in a circle. */
export function inOrder(items: readonly BatchItem[]): readonly BatchItem[] {
  const ordered = new Map<string, BatchItem>()
  for (let waiting = items; waiting.length > 0; ) {
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((id) => ordered.has(id)))
    if (ready.length === 0)
      throw refused('Requests of the batch depend on each other in a circle. Break the circle.')
    for (const item of ready) ordered.set(item.id, item)
    waiting = waiting.filter(({ id }) => !ordered.has(id))
  }
  return [...ordered.values()]
}

function lowerCased(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function shown(id: string): string {
  return id.slice(0, 128)
}

function refused(message: string): Failure {
  return new Failure('badRequest', message, { property: 'requests' })
}
