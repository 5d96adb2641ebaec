import { expect, it } from 'vitest'
import { untilChanged } from './until-changed.ts'

function scene(first: string | undefined) {
  const heard = new Set<() => void>()
  const state = { version: first, broken: false }
  const wakeups = {
    on: (_topic: string, hear: (key: string) => void) => {
      const own = () => hear('')
      heard.add(own)
      return () => void heard.delete(own)
    },
  }
  const read = () => (state.broken ? Promise.reject(new Error('away')) : Promise.resolve(state.version))
  return { state, heard, wakeups, read, wake: () => heard.forEach((hear) => hear()) }
}

const isOver = (promise: Promise<void>) =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))])

it('is over once another version is told of, and not before', async () => {
  const { state, wakeups, read, wake } = scene('a')
  const changed = untilChanged(wakeups, 'a', read)
  wake()
  expect(await isOver(changed.promise)).toBe(false)
  state.version = 'b'
  expect(await isOver(changed.promise)).toBe(false)
  wake()
  expect(await isOver(changed.promise)).toBe(true)
})

it('notices what changed before anybody listened, and that there is one at last', async () => {
  const { wakeups, read } = scene('b')
  expect(await isOver(untilChanged(wakeups, 'a', read).promise)).toBe(true)
  expect(await isOver(untilChanged(wakeups, undefined, read).promise)).toBe(true)
})

it('goes on where the version cannot be read, and asks again when woken', async () => {
  const { state, wakeups, read, wake, heard } = scene('a')
  state.broken = true
  const changed = untilChanged(wakeups, 'a', read)
  wake()
  expect(await isOver(changed.promise)).toBe(false)
  Object.assign(state, { broken: false, version: 'b' })
  wake()
  expect(await isOver(changed.promise)).toBe(true)
  changed.stop()
  expect(heard.size).toBe(0)
})
