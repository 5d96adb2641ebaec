import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OutboxEvent } from '#lib/ports/store/index.ts'
import { LiveStream } from './live-stream.ts'

const options = { topicGapMs: 500, heartbeatMs: 15_000, maxAgeMs: 60_000 }
const event = (position: number, topic: OutboxEvent['topic'], id: string): OutboxEvent => ({
  position,
  topic,
  id,
  version: position,
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(hooks = { onHeartbeat: () => undefined, onClose: () => undefined }) {
  const stream = new LiveStream(10, 'hello', options, hooks)
  const reader = stream.readable.getReader()
  return { stream, next: async () => new TextDecoder().decode((await reader.read()).value) }
}

describe('LiveStream', () => {
  it('greets with the position it starts from', async () => {
    expect(await open().next()).toBe('retry: 1000\nid: 10\nevent: hello\ndata: {}\n\n')
  })

  it('tells the newest version of each thing once', async () => {
    const { stream, next } = open()
    await next()
    stream.take([event(11, 'release', 'a'), event(12, 'release', 'a'), event(13, 'release', 'b')])
    await vi.advanceTimersByTimeAsync(0)
    expect(await next()).toBe(
      'data: {"topic":"release","id":"a","version":12}\n\ndata: {"topic":"release","id":"b","version":13}\nid: 13\n\n',
    )
  })

  it('wakes a topic twice a second at most, and never confirms what it holds back', async () => {
    const { stream, next } = open()
    await next()
    stream.take([event(11, 'release', 'a')])
    await vi.advanceTimersByTimeAsync(0)
    expect(await next()).toContain('id: 11\n')
    stream.take([event(12, 'release', 'a'), event(13, 'audit', '')])
    await vi.advanceTimersByTimeAsync(0)
    expect(await next()).toBe('data: {"topic":"audit","id":"","version":13}\nid: 11\n\n')
    await vi.advanceTimersByTimeAsync(500)
    expect(await next()).toBe('data: {"topic":"release","id":"a","version":12}\nid: 13\n\n')
  })

  it('beats while nothing happens, and ends when it is old', async () => {
    const onHeartbeat = vi.fn<() => undefined>()
    const onClose = vi.fn<() => undefined>()
    const { next } = open({ onHeartbeat, onClose })
    await next()
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await next()).toBe(': still here\n\n')
    expect(onHeartbeat).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(45_000)
    expect(onClose).toHaveBeenCalledOnce()
  })
})
