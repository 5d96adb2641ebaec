import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import type { Registry } from '#lib/ports/registry.ts'
import { pushChart, pushConfig, type PushTarget } from '#test/fixtures/oci-push.ts'

export interface RegistryUnderTest {
  /** host:port, plain HTTP. */
  host: string
  login?: { username: string; password: string }
  /** The adapter, opened with that login. */
  registry: Registry
  stop(): Promise<void>
}

const built = new Date('2018-11-05T10:11:12.345Z')

/** What every Registry does against a registry that behaves, the real one as well as the double. */
export function registryContract(name: string, start: () => Promise<RegistryUnderTest>): void {
  describe(`${name}`, () => {
    let under: RegistryUnderTest
    let scratch: string
    const address = (path: string) => ({ host: under.host, path })
    const target = (path: string): PushTarget => ({ host: under.host, path, login: under.login })
    const push = (
      repository: string,
      tag: string,
      more: { platforms?: string[]; labels?: Record<string, string> } = {},
    ) => pushImage({ registry: under.host, repository, tag, created: built, auth: under.login, ...more })

    beforeAll(async () => {
      under = await start()
      scratch = await mkdtemp(join(tmpdir(), 'wheelhouse-registry-'))
    })
    afterAll(async () => {
      await under.stop()
      await rm(scratch, { recursive: true, force: true })
    })

    it('lists every tag, and says unchanged for the list it gave before', async () => {
      await push('team/app', 'dev-1')
      await push('team/app', 'dev-2')
      const first = await under.registry.listTags(address('team/app'))
      if (first.kind !== 'read') throw new Error('expected a list')
      expect(first.tags.sort()).toEqual(['dev-1', 'dev-2'])
      expect(await under.registry.listTags(address('team/app'), { etag: first.etag })).toEqual({ kind: 'unchanged' })
      await push('team/app', 'dev-3')
      const second = await under.registry.listTags(address('team/app'), { etag: first.etag })
      expect(second).toMatchObject({ kind: 'read', tags: expect.arrayContaining(['dev-1', 'dev-2', 'dev-3']) })
    })

    it('says not-found for a repository that is not there', async () => {
      await push('team/other', '1.0.0')
      await expect(under.registry.listTags(address('team/nothing'))).rejects.toMatchObject({
        code: expect.stringMatching(/^(not-found|registry-unauthorized)$/),
      })
    })

    it('reads digest, build time and labels of an image', async () => {
      const { digest } = await push('team/facts', '1.0.0', { labels: { stage: 'dev' } })
      const facts = await under.registry.readImage(address('team/facts'), '1.0.0')
      expect(facts).toMatchObject({ digest, created: built.getTime(), labels: { stage: 'dev' } })
      expect(await under.registry.headTag(address('team/facts'), '1.0.0')).toMatchObject({ digest })
    })

    it('knows nothing of a tag that is not there', async () => {
      await push('team/gone', '1.0.0')
      expect(await under.registry.headTag(address('team/gone'), '9.9.9')).toBeUndefined()
      expect(await under.registry.readImage(address('team/gone'), '9.9.9')).toBeUndefined()
    })

    it('takes the linux/amd64 image of an index', async () => {
      const { digest } = await push('team/multi', '1.0.0', { platforms: ['linux/arm64', 'linux/amd64'] })
      expect(await under.registry.readImage(address('team/multi'), '1.0.0')).toMatchObject({
        digest,
        created: built.getTime(),
      })
      await push('team/multi', 'arm', { platforms: ['linux/arm64', 'linux/s390x'] })
      expect(await under.registry.readImage(address('team/multi'), 'arm')).toMatchObject({ created: null })
    })

    it('sees that a tag moved', async () => {
      const before = await push('team/moving', 'latest')
      expect((await under.registry.readImage(address('team/moving'), 'latest'))?.digest).toBe(before.digest)
      const after = await push('team/moving', 'latest')
      expect((await under.registry.readImage(address('team/moving'), 'latest'))?.digest).toBe(after.digest)
    })

    it.each([
      ['no build time', {}, null],
      ['the year 1', { created: '0001-01-01T00:00:00Z' }, null],
      ['the epoch', { created: '1970-01-01T00:00:00Z' }, null],
      ['words', { created: 'yesterday' }, null],
      ['nanoseconds', { created: '2018-11-05T10:11:12.345678901Z' }, built.getTime()],
    ])('reads an image with %s', async (label, config, created) => {
      const path = `team/times-${label.replaceAll(' ', '-')}`
      await pushConfig(target(path), '1.0.0', { architecture: 'amd64', os: 'linux', ...config })
      expect(await under.registry.readImage(address(path), '1.0.0')).toMatchObject({ created })
    })

    it('pulls a Helm chart and checks its digest', async () => {
      const archive = Buffer.from('not really a tarball, but bytes')
      const digest = await pushChart(target('charts/podinfo'), '1.2.3+build.4', archive)
      const file = join(scratch, 'podinfo.tgz')
      const pulled = await under.registry.pullChart(address('charts/podinfo'), '1.2.3+build.4', file)
      expect(pulled).toEqual({ digest, version: '1.2.3+build.4' })
      expect(await readFile(file)).toEqual(archive)
    })

    it('pulls a Helm chart by the digest of its tag, wherever that tag goes', async () => {
      const archive = Buffer.from('first')
      const digest = await pushChart(target('charts/moving'), 'stable', archive)
      const tagged = await under.registry.headTag(address('charts/moving'), 'stable')
      await pushChart(target('charts/moving'), 'stable', Buffer.from('second'))
      const file = join(scratch, 'moving.tgz')
      expect(await under.registry.pullChart(address('charts/moving'), tagged?.digest ?? '', file)).toMatchObject({
        digest,
      })
      expect(await readFile(file)).toEqual(archive)
    })

    it('leaves no file for a chart that is none or not there', async () => {
      await push('charts/image', '1.0.0')
      const file = join(scratch, 'none', 'x.tgz')
      await expect(under.registry.pullChart(address('charts/image'), '1.0.0', file)).rejects.toMatchObject({
        code: 'chart-unavailable',
      })
      await expect(under.registry.pullChart(address('charts/image'), '2.0.0', file)).rejects.toMatchObject({
        code: 'not-found',
      })
      expect(await readdir(scratch)).not.toContain('none')
    })

    it.each([
      ['another host', { host: 'elsewhere.example.test', path: 'a/b' }],
      ['a path upwards', { path: 'a/../b' }],
      ['capital letters', { path: 'Team/App' }],
      ['a query', { path: 'a?n=1' }],
    ])('refuses %s before asking', async (_label, repository) => {
      const asked = { host: under.host, ...repository }
      await expect(under.registry.listTags(asked)).rejects.toMatchObject({ code: 'invalid' })
      await expect(under.registry.headTag(asked, '1.0.0')).rejects.toMatchObject({ code: 'invalid' })
    })

    it('refuses a tag outside the grammar before asking', async () => {
      await expect(under.registry.headTag(address('team/app'), '../x')).rejects.toMatchObject({ code: 'invalid' })
      await expect(under.registry.readImage(address('team/app'), 'x'.repeat(300))).rejects.toMatchObject({
        code: 'invalid',
      })
    })
  })
}
