import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClosableCluster } from '#lib/adapters/kubernetes/index.ts'
import { createCluster } from '#lib/adapters/kubernetes/index.ts'
import type { KubeObject } from '#lib/core/manifest/types.ts'
import type { Watch, WatchRequest, WatchState } from '#lib/ports/cluster.ts'
import type { Log } from '#lib/ports/log.ts'
import type { KubeWatchServer } from '../fakes/kube-watch-server.ts'
import { startKubeWatchServer } from '../fakes/kube-watch-server.ts'
import { ManualTimers } from '../fakes/manual-timers.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent }

function widget(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  return { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name, namespace: 'dev', uid, resourceVersion } }
}

const added = (object: KubeObject) => ({ type: 'ADDED', object })
const modified = (object: KubeObject) => ({ type: 'MODIFIED', object })
const bookmark = (resourceVersion: string) => ({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } })
const complete = (resourceVersion: string) => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } } },
})
const status = (code: number, reason: string, message: string) => ({ kind: 'Status', code, reason, message })
const gone = { type: 'ERROR', object: status(410, 'Expired', 'too old resource version') }

/** Everything a watch reported, in order, and a way to wait for the next of it. */
class Recorder {
  readonly lines: string[] = []
  readonly states: WatchState[] = []
  readonly #waiting = new Set<() => void>()

  readonly request: WatchRequest<KubeObject> = {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    onEvent: (event) => this.#note(`${event.kind} ${event.object.metadata.name} ${event.object.metadata.uid}`),
    onSynced: (objects) => this.#note(`synced ${objects.map((object) => object.metadata.name).join(',')}`),
    onState: (state) => {
      this.states.push(state)
      this.#note(state.kind === 'broken' ? `broken: ${state.reason}` : state.kind)
    },
  }

  /** Resolves as soon as a line after `from` holds the text. */
  until(text: string, from = 0): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.lines.slice(from).some((line) => line.includes(text))) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  #note(line: string): void {
    this.lines.push(line)
    for (const look of this.#waiting) look()
  }
}

let server: KubeWatchServer
let timers: ManualTimers
let cluster: ClosableCluster
let seen: Recorder
let chance: number

beforeEach(async () => {
  server = await startKubeWatchServer()
  timers = new ManualTimers()
  seen = new Recorder()
  chance = 0.5
  cluster = createCluster({
    kubeconfigPath: server.kubeconfigPath,
    log: silent,
    random: () => chance,
    clock: timers,
    timers,
  })
})

afterEach(async () => {
  cluster.close()
  await server.stop()
})

/** A watch that has listed `a` at version 10. */
async function liveWatch(): Promise<{ watch: Watch; stream: Awaited<ReturnType<KubeWatchServer['nextRequest']>> }> {
  const watch = cluster.watch(seen.request)
  const stream = await server.nextRequest()
  stream.open().send(added(widget('a', '3')), complete('10'))
  await watch.synced
  return { watch, stream }
}

describe('listing through the watch', () => {
  it('asks for initial events and is live after the bookmark that ends them', async () => {
    const { stream } = await liveWatch()
    expect(Object.fromEntries(stream.query)).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      timeoutSeconds: '450',
    })
    expect(seen.lines).toEqual(['connecting', 'set a uid-a', 'synced a', 'live'])
  })

  it('asks for metadata only, and reports it under the kind asked for', async () => {
    const kinds: string[] = []
    const watch = cluster.watch({
      ...seen.request,
      metadataOnly: true,
      onEvent: (event) => kinds.push(`${event.object.apiVersion} ${event.object.kind}`),
    })
    const stream = await server.nextRequest()
    const partial = { ...widget('a', '3'), apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' }
    stream.open().send(added(partial), complete('10'))
    await watch.synced
    expect(stream.accept).toBe('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')
    expect(kinds).toEqual(['example.com/v1 Widget'])
  })

  it('keeps only what compact returns', async () => {
    const kept: KubeObject[] = []
    const watch = cluster.watch({
      ...seen.request,
      compact: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata: { name: metadata.name } }),
      onSynced: (objects) => void kept.push(...objects),
    })
    const stream = await server.nextRequest()
    stream.open().send(added({ ...widget('a', '3'), spec: { large: true } }), complete('10'))
    await watch.synced
    expect(kept).toEqual([{ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' } }])
  })

  it('reads pages where the server refuses streaming lists, and follows from the version of the list', async () => {
    const watch = cluster.watch(seen.request)
    const first = await server.nextRequest()
    first.answer(422, status(422, 'Invalid', 'sendInitialEvents is forbidden'))
    const pageOne = await server.nextRequest()
    expect(pageOne.query.get('limit')).toBe('500')
    pageOne.answer(200, { metadata: { continue: 'more', resourceVersion: '20' }, items: [widget('a', '3')] })
    const pageTwo = await server.nextRequest()
    expect(pageTwo.query.get('continue')).toBe('more')
    pageTwo.answer(200, { metadata: { resourceVersion: '20' }, items: [widget('b', '4')] })
    await watch.synced
    const stream = await server.nextRequest()
    expect(stream.query.get('resourceVersion')).toBe('20')
    expect(stream.query.has('sendInitialEvents')).toBe(false)
    expect(seen.lines).toEqual(['connecting', 'set a uid-a', 'set b uid-b', 'synced a,b', 'live'])
  })

  it('starts the pages again when their snapshot expires half-way, and forgets what only the old one held', async () => {
    const watch = cluster.watch(seen.request)
    ;(await server.nextRequest()).answer(422, status(422, 'Invalid', 'forbidden'))
    const pageOne = await server.nextRequest()
    pageOne.answer(200, { metadata: { continue: 'more' }, items: [widget('a', '3')] })
    ;(await server.nextRequest()).answer(410, status(410, 'Expired', 'token too old'))
    const again = await server.nextRequest()
    expect(again.query.has('continue')).toBe(false)
    again.answer(200, { metadata: { resourceVersion: '30' }, items: [widget('b', '4')] })
    await watch.synced
    expect(seen.lines).toEqual(['connecting', 'set a uid-a', 'set b uid-b', 'deleted a uid-a', 'synced b', 'live'])
  })

  it('falls back to pages when the server ignores the wish for initial events', async () => {
    cluster.watch(seen.request)
    const stream = await server.nextRequest()
    stream.open().send(added(widget('a', '3')))
    await seen.until('set a')
    timers.advance(105_000)
    expect((await server.nextRequest()).query.get('limit')).toBe('500')
  })
})

describe('following', () => {
  it('reports changes and deletions, and a version already reported not again', async () => {
    const { stream } = await liveWatch()
    stream.send(
      modified(widget('a', '11')),
      modified(widget('a', '11')),
      added(widget('b', '12')),
      { type: 'DELETED', object: widget('a', '13') },
      added(widget('c', '14')),
    )
    await seen.until('set c')
    expect(seen.lines.slice(4)).toEqual(['set a uid-a', 'set b uid-b', 'deleted a uid-a', 'set c uid-c'])
  })

  it('reconnects at once after a clean close, from the last bookmark, without reporting anything', async () => {
    const { stream } = await liveWatch()
    stream.send(bookmark('40'), modified(widget('a', '40')))
    await seen.until('set a', 4)
    timers.advance(60_000)
    stream.close()
    const next = await server.nextRequest()
    expect(next.query.get('resourceVersion')).toBe('40')
    next.open().send(modified(widget('a', '41')))
    await seen.until('set a uid-a', 5)
    expect(seen.lines.slice(4)).toEqual(['set a uid-a', 'set a uid-a'])
  })

  it('does not reconnect at once to a server that closes at once', async () => {
    const { stream } = await liveWatch()
    stream.close()
    await seen.until('broken: the server closed the watch at once')
    expect(seen.states.at(-1)).toMatchObject({ retryInMs: 375 })
  })

  it('relists after an expired version, with the deletions that were missed', async () => {
    const { stream } = await liveWatch()
    stream.send(added(widget('b', '11')), added(widget('c', '12')), gone)
    const relist = await server.nextRequest()
    expect(relist.query.get('sendInitialEvents')).toBe('true')
    relist.open().send(added(widget('b', '11')), added(widget('c', '50', 'uid-c-again')), complete('60'))
    await seen.until('synced b,c')
    expect(seen.lines.slice(6)).toEqual(['deleted c uid-c', 'set c uid-c-again', 'deleted a uid-a', 'synced b,c'])
  })

  it('relists when the server answers 410 to the reconnect itself', async () => {
    const { stream } = await liveWatch()
    timers.advance(60_000)
    stream.send(bookmark('40')).close()
    ;(await server.nextRequest()).answer(410, status(410, 'Expired', 'too old'))
    expect((await server.nextRequest()).query.get('sendInitialEvents')).toBe('true')
  })

  it('reconnects when not even a bookmark arrived for longer than the server lets pass', async () => {
    const { stream } = await liveWatch()
    stream.send(bookmark('40'), modified(widget('a', '41')))
    await seen.until('set a', 4)
    timers.advance(104_999)
    expect(seen.lines.at(-1)).toBe('set a uid-a')
    timers.advance(1)
    await stream.gone
    const next = await server.nextRequest()
    expect(next.query.get('resourceVersion')).toBe('41')
    next.open()
    await seen.until('live', 5)
    expect(seen.lines.slice(5)).toEqual(['broken: nothing arrived for 105 s', 'live'])
  })

  it('renews a silent connection without alarm where the server sends no bookmarks', async () => {
    const { stream } = await liveWatch()
    timers.advance(105_000)
    await stream.gone
    const next = await server.nextRequest()
    expect(next.query.get('resourceVersion')).toBe('10')
    next.open().send(modified(widget('a', '41')))
    await seen.until('set a', 4)
    expect(seen.lines.slice(4)).toEqual(['set a uid-a'])
  })

  it('counts a bookmark as a sign of life', async () => {
    const { stream } = await liveWatch()
    timers.advance(60_000)
    stream.send(bookmark('40'), added(widget('b', '41')))
    await seen.until('set b')
    timers.advance(60_000)
    expect(seen.lines.at(-1)).toBe('set b uid-b')
  })

  it.each([
    ['a garbage line', '{"type":"ADD\n', 'the server sent a line that is not JSON'],
    ['a line that is no event', '{"hello":1}\n', 'the server sent a line that is no watch event'],
    [
      'an error event',
      `${JSON.stringify({ type: 'ERROR', object: status(500, 'InternalError', 'etcd is full') })}\n`,
      'The API server failed: etcd is full',
    ],
  ])('backs off after %s and continues from where it was', async (_label, text, reason) => {
    const { stream } = await liveWatch()
    stream.sendRaw(text)
    await seen.until(`broken: ${reason}`)
    expect(seen.states.at(-1)).toMatchObject({ kind: 'broken', retryInMs: 375 })
    timers.advance(375)
    const next = await server.nextRequest()
    expect(next.query.get('resourceVersion')).toBe('10')
    next.open()
    await seen.until('live', 5)
  })

  it('waits longer after each failure, at most 30 s', async () => {
    const { stream } = await liveWatch()
    stream.drop()
    const waits: number[] = []
    for (let failure = 0; failure < 9; failure++) {
      const from = seen.lines.length
      await seen.until('broken', failure === 0 ? 4 : from - 1)
      const state = seen.states.at(-1)
      waits.push(state?.kind === 'broken' ? state.retryInMs : -1)
      const before = seen.lines.length
      timers.advance(waits.at(-1) ?? 0)
      ;(await server.nextRequest()).drop()
      await seen.until('broken', before)
    }
    expect(waits).toEqual([375, 750, 1500, 3000, 6000, 12000, 22500, 22500, 22500])
  })
})

describe('a server that is not there', () => {
  it('for a minute: is asked seldom, nothing counts as deleted, and the watch goes on from where it was', async () => {
    const { stream } = await liveWatch()
    const goneAt = timers.now()
    await server.pause()
    await Promise.all([stream.gone, seen.until('broken')])
    let tries = 0
    while (timers.now() < goneAt + 60_000) {
      const from = seen.lines.length
      timers.advance(timers.pending()[0] ?? 0)
      await seen.until('broken', from)
      tries += 1
    }
    expect(tries).toBe(8)
    expect(seen.states.filter(({ kind }) => kind === 'broken')).toHaveLength(1 + tries)
    for (const state of seen.states.slice(2)) expect(state).toMatchObject({ kind: 'broken', since: goneAt })
    await server.resume()
    timers.advance(timers.pending()[0] ?? 0)
    const next = await server.nextRequest()
    expect(next.query.get('resourceVersion')).toBe('10')
    next.open().send(modified(widget('a', '70')), added(widget('b', '71')))
    await seen.until('set b')
    const reported = seen.lines.slice(4).filter((line) => !line.startsWith('broken'))
    expect(reported).toEqual(['live', 'set a uid-a', 'set b uid-b'])
  })

  it('for so long that its history is gone: what vanished meanwhile is told, once', async () => {
    const { stream } = await liveWatch()
    await server.pause()
    await Promise.all([stream.gone, seen.until('broken')])
    await server.resume()
    timers.advance(timers.pending()[0] ?? 0)
    ;(await server.nextRequest()).answer(410, status(410, 'Expired', 'too old resource version'))
    await seen.until('the server forgot the version')
    timers.advance(timers.pending()[0] ?? 0)
    const relist = await server.nextRequest()
    relist.open().send(added(widget('b', '90')), complete('95'))
    await seen.until('synced b')
    expect(seen.lines.filter((line) => line.startsWith('deleted'))).toEqual(['deleted a uid-a'])
  })

  it('wakes every watch as soon as one gets through', async () => {
    const other = new Recorder()
    const { stream } = await liveWatch()
    chance = 0
    await server.pause()
    await Promise.all([stream.gone, seen.until('broken')])
    chance = 1
    cluster.watch(other.request)
    await other.until('broken')
    expect(timers.pending()).toEqual([250, 500])
    await server.resume()
    timers.advance(250)
    ;(await server.nextRequest()).open()
    // Without the first one's success it would come 250 ms later only, and time stands still.
    ;(await server.nextRequest()).open().send(complete('20'))
    await Promise.all([seen.until('live', 4), other.until('live')])
  })

  it('hears from a request that succeeded', async () => {
    const { stream } = await liveWatch()
    await server.pause()
    await Promise.all([stream.gone, seen.until('broken')])
    await server.resume()
    const version = cluster.version()
    ;(await server.nextRequest()).answer(200, { gitVersion: 'v1.36.3' })
    expect(await version).toBe('v1.36.3')
    const next = await server.nextRequest()
    expect(next.query.get('resourceVersion')).toBe('10')
    next.close()
  })
})

describe('a kind the server does not know', () => {
  it('says so, asks again after 30 s, and lists once the kind is there', async () => {
    server.setKindKnown(false)
    const watch = cluster.watch(seen.request)
    await seen.until('unknown-kind')
    server.setKindKnown(true)
    timers.advance(30_000)
    const stream = await server.nextRequest()
    stream.open().send(added(widget('a', '3')), complete('10'))
    await watch.synced
    expect(seen.lines).toEqual(['connecting', 'unknown-kind', 'set a uid-a', 'synced a', 'live'])
  })

  it('notices at once when another question found the kind', async () => {
    server.setKindKnown(false)
    cluster.watch(seen.request)
    await seen.until('unknown-kind')
    server.setKindKnown(true)
    timers.advance(1000)
    expect(await cluster.resource('example.com/v1', 'Widget')).toEqual({ plural: 'widgets', namespaced: true })
    const stream = await server.nextRequest()
    expect(stream.query.get('sendInitialEvents')).toBe('true')
    stream.close()
  })

  it('costs one request per half minute for all watches together', async () => {
    server.setKindKnown(false)
    const watched = [new Recorder(), new Recorder(), new Recorder()]
    for (const recorder of watched) cluster.watch(recorder.request)
    await Promise.all(watched.map((recorder) => recorder.until('unknown-kind')))
    const before = server.discoveryRequests()
    timers.advance(30_000)
    // Asked, answered, and each waiting for its next half minute.
    await expect.poll(() => timers.pending()).toEqual([30_000, 30_000, 30_000])
    for (const recorder of watched) expect(recorder.lines).toEqual(['connecting', 'unknown-kind'])
    expect(server.discoveryRequests() - before).toBe(1)
  })

  it('keeps what it knew when the kind vanishes: nobody deleted those objects one by one', async () => {
    const { stream } = await liveWatch()
    server.setKindKnown(false)
    timers.advance(60_000)
    stream.send(bookmark('40')).close()
    ;(await server.nextRequest()).answer(
      404,
      status(404, 'NotFound', 'the server could not find the requested resource'),
    )
    await seen.until('unknown-kind')
    expect(seen.lines.filter((line) => line.startsWith('deleted'))).toEqual([])
  })
})

it('a stopped watch lets go of its connection and reports nothing more', async () => {
  const { watch, stream } = await liveWatch()
  watch.stop()
  await stream.gone
  expect(seen.lines.at(-1)).toBe('live')
})

it('a listener that throws does not end the watch', async () => {
  const watch = cluster.watch({
    ...seen.request,
    onEvent: (event) => {
      seen.request.onEvent(event)
      throw new Error('listener')
    },
  })
  const stream = await server.nextRequest()
  stream.open().send(added(widget('a', '3')), added(widget('b', '4')), complete('10'))
  await watch.synced
  expect(seen.lines).toEqual(['connecting', 'set a uid-a', 'set b uid-b', 'synced a,b', 'live'])
})
