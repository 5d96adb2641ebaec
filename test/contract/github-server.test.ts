import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHookReceiver, type HookReceiver } from '#test/fixtures/hook-receiver.ts'
import { canary, startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'
import { seededRandom } from '#test/fixtures/seeded-random.ts'

let under: GitHubRepositoryInTest
let hook: HookReceiver

beforeEach(async () => {
  hook = await startHookReceiver()
  under = await startGitHubRepository('token', { hooks: [{ url: hook.url, secret: hook.secret }] })
  await under.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
})
afterEach(async () => {
  await hook.close()
  await under.stop()
})

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${under.server.apiUrl}${path}`, {
    method,
    headers: { authorization: `token ${canary}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  }
}

/** Somebody pushes over HTTP. */
async function push(text: string) {
  const { git } = under.origin
  await git(['commit', '--quiet', '--allow-empty', '-m', text])
  await git(['push', '--quiet', under.server.gitUrl.replace('//', `//x:${canary}@`), 'HEAD:refs/heads/main'])
  return git(['rev-parse', 'HEAD'])
}

/** Stopping the server throws, once. */
async function expectComplaint() {
  await expect(under.server.stop()).rejects.toThrow('Not what GitHub describes')
  under.server.complaints.length = 0
}

describe('what GitHub does not describe', () => {
  it.each([
    ['a call nobody is known to make', 'GET', '/repos/acme/config/stargazers', undefined],
    ['a field that is not there', 'POST', '/repos/acme/config/git/blobs', { content: 'x', contents: 'y' }],
    ['a field that is missing', 'POST', '/repos/acme/config/git/trees', { base_tree: 'x' }],
    ['a field of another type', 'POST', '/repos/acme/config/git/blobs', { content: 7 }],
    ['a field deep inside that is not there', 'POST', '/repos/acme/config/git/trees', { tree: [{ pth: 'x' }] }],
    ['a parameter that is not there', 'GET', '/repos/acme/config/pulls?heads=x', undefined],
    ['a parameter of another type', 'GET', '/repos/acme/config/pulls?per_page=many', undefined],
  ])('makes the test fail: %s', async (_label, method, path, body) => {
    expect((await call(method, path, body)).status).toBeGreaterThanOrEqual(400)
    await expectComplaint()
  })

  it('makes the test fail where the server itself answers it', async () => {
    under.server.github.hooks.attempts.push({ id: 1, hook: 0, event: 7 } as never)
    expect((await call('GET', '/repos/acme/config/hooks/1/deliveries')).status).toBe(500)
    await expectComplaint()
  })
})

describe('the API', () => {
  it('answers everything in the shape described', async () => {
    const head = await under.origin.head()
    for (const [path, status] of [
      ['/rate_limit', 200],
      ['/repos/acme/config', 200],
      ['/repos/acme/config/branches/main', 200],
      ['/repos/acme/config/git/ref/heads/main', 200],
      ['/repos/acme/config/git/ref/heads%2Fmain', 200],
      [`/repos/acme/config/git/commits/${head}`, 200],
      [`/repos/acme/config/commits/${head}/statuses`, 200],
      ['/repos/acme/config/deployments', 200],
      ['/repos/acme/config/hooks', 200],
      ['/repos/acme/other', 404],
    ] as const)
      expect([path, (await call('GET', path)).status]).toEqual([path, status])
    expect((await call('POST', '/repos/acme/config/git/blobs', { content: 'aGk=', encoding: 'base64' })).status).toBe(
      201,
    )
    expect((await call('POST', '/repos/acme/config/git/refs', { ref: 'refs/heads/x', sha: head })).status).toBe(201)
    expect((await call('POST', '/repos/acme/config/git/refs', { ref: 'refs/heads/x', sha: head })).status).toBe(422)
  })

  it('answers 304 to whoever has it already, until it changes', async () => {
    const path = '/repos/acme/config/git/ref/heads/main'
    const etag = (await call('GET', path)).headers.get('etag') ?? ''
    expect(await call('GET', path, undefined, { 'if-none-match': etag })).toMatchObject({
      status: 304,
      body: undefined,
    })
    await push('Change')
    expect((await call('GET', path, undefined, { 'if-none-match': etag })).status).toBe(200)
  })

  it('knows nobody without a token', async () => {
    expect((await call('GET', '/repos/acme/config', undefined, { authorization: 'token ghp_other' })).status).toBe(401)
  })
})

describe('webhooks', () => {
  it('come signed after a push by Git and by the API, with where the branch stood', async () => {
    const before = await under.origin.head()
    const after = await push('One')
    // Deliveries overtake each other.
    await under.server.settled()
    await call('POST', '/repos/acme/config/git/refs', { ref: 'refs/tags/v1', sha: after })
    await under.server.settled()
    expect(hook.received.map(({ event, isSigned }) => [event, isSigned])).toEqual([
      ['push', true],
      ['push', true],
    ])
    expect(hook.received[0]?.payload).toMatchObject({ ref: 'refs/heads/main', before, after, forced: false })
    expect(hook.received[1]?.payload).toMatchObject({ ref: 'refs/tags/v1', created: true })
  })

  it('get lost, come several times and out of order when asked to; what was lost can be sent again', async () => {
    const { hooks } = under.server.github
    const seeded = seededRandom(7)
    hooks.mail = { dropShare: 0.3, copies: 3, shuffleMs: 500, random: () => seeded.integer(1000) / 1000 }
    const sha = await under.origin.head()
    const pushed = Array.from({ length: 10 }, (_, count) => `refs/heads/branch-${count}`)
    for (const ref of pushed) await call('POST', '/repos/acme/config/git/refs', { ref, sha })
    await under.server.settled()
    const lost = hooks.attempts.filter(({ status }) => status === 0)
    expect(lost.length).toBeGreaterThan(0)
    expect(hook.received).toHaveLength((10 - lost.length) * 3)
    const order = hook.received.map(({ payload }) => pushed.indexOf(String(payload['ref'])))
    expect(order).not.toEqual(order.toSorted((one, other) => one - other))
    for (const { id } of lost) hooks.redeliver(id)
    await under.server.settled()
    expect(new Set(hook.received.map(({ payload }) => payload['ref']))).toEqual(new Set(pushed))
  })
})
