import { nextName } from '../world/made-ids.ts'
import type { WorldState } from '../world/world-state.ts'
import {
  type ControlAnswer,
  type ControlCall,
  type ControlHandler,
  created,
  expectNoBody,
  gone,
  ok,
  paramOf,
  worldOf,
} from './control-call.ts'
import { ControlError } from './control-error.ts'
import { nearestHint } from './nearest-name.ts'

type Kind = 'faults' | 'walkScripts' | 'eventScripts'
type RuleOf<K extends Kind> = WorldState[K][number]

export interface KeptRules<K extends Kind> {
  list: ControlHandler
  /** Keeps it under the wanted id, or under one made up; an id that is taken is a mistake. */
  add(call: ControlCall, wanted: string | undefined, make: (id: string) => RuleOf<K>): ControlAnswer
  /** By the `{id}` of the path. */
  remove: ControlHandler
}

/** Faults, walk scripts and event scripts are kept alike: in the order in which they were made, each under an id. */
export function keptRules<K extends Kind>(
  kind: K,
  /** One of them, with its article. */
  name: string,
  shown: (rule: RuleOf<K>) => unknown,
): KeptRules<K> {
  const rulesOf = (call: ControlCall): RuleOf<K>[] => worldOf(call).state[kind]
  const noun = name.replace(/^an? /, '')
  return {
    list: (call) => ok({ [kind]: rulesOf(call).map(shown) }),
    add(call, wanted, make) {
      const { state } = worldOf(call)
      const rules = rulesOf(call)
      const isTaken = (id: string) => rules.some((rule) => rule.id === id)
      if (wanted !== undefined && isTaken(wanted)) {
        throw new ControlError(
          409,
          `There is ${name} "${wanted}" already. Delete it or choose another id.`,
        )
      }
      const idOf = (number: number) => `${noun.replace(' ', '-')}-${number}`
      const rule = make(wanted ?? nextName(state, kind, idOf, isTaken))
      rules.push(rule)
      return created(shown(rule))
    },
    remove(call) {
      expectNoBody(call)
      const rules = rulesOf(call)
      const id = paramOf(call, 'id')
      const place = rules.findIndex((rule) => rule.id === id)
      if (place < 0) {
        const ids = rules.map((rule) => rule.id)
        throw new ControlError(
          404,
          `There is no ${noun} "${id}" in this world. ${nearestHint(id, ids)}`,
        )
      }
      rules.splice(place, 1)
      return gone
    },
  }
}
