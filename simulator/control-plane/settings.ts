import { X509Certificate } from 'node:crypto'
import { defaultSettings, type Settings } from '../world/settings.ts'
import { bodyOf, type ControlHandler, ok, worldOf } from './control-call.ts'
import { type Decode, flag, object, optional, text, whole, wrong } from './decode.ts'

/** A part that is left out stays as it was. */
function numbers<Name extends string>(
  names: readonly Name[],
): Decode<Record<Name, number | undefined>> {
  const shape = Object.fromEntries(names.map((name) => [name, optional(whole(1))]))
  return object(shape) as Decode<Record<Name, number | undefined>>
}

const { pageSizes, limits } = defaultSettings()

/** PEM, one certificate at least; null: the usual authorities again. */
const authority: Decode<string | null | undefined> = (value, name) => {
  if (value === undefined || value === null) return value
  const pem = text(value, name)
  try {
    new X509Certificate(pem)
  } catch {
    throw wrong(`${name} is no certificate. Send the text of a PEM file, or null for none.`)
  }
  return pem
}

const settingsChange = object({
  pageSizes: optional(numbers(Object.keys(pageSizes) as (keyof typeof pageSizes)[])),
  limits: optional(numbers(Object.keys(limits) as (keyof typeof limits)[])),
  eventDelaySeconds: optional(whole(0, 10_000_000)),
  latencyMs: optional(whole(0, 600_000)),
  refuseOverParallel: optional(flag),
  allowHttpNotificationUrl: optional(flag),
  notificationCa: authority,
})

export const getSettings: ControlHandler = (call) => ok(worldOf(call).state.settings)

export const updateSettings: ControlHandler = (call) => {
  const { state } = worldOf(call)
  const change = bodyOf(call, settingsChange)
  const next: Settings = {
    ...given(state.settings, change),
    pageSizes: given(state.settings.pageSizes, change.pageSizes ?? {}),
    limits: given(state.settings.limits, change.limits ?? {}),
  }
  state.settings = next
  return ok(next)
}

function given<T extends object>(current: T, change: object): T {
  const changes = Object.entries(change).filter(([, value]) => value !== undefined)
  return { ...current, ...Object.fromEntries(changes) }
}
