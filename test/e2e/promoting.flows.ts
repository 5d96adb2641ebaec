import { describe, expect, it } from 'vitest'
import { unlockRelease } from '#lib/api/release-commands.ts'
import { deployedAbove } from '#test/fixtures/running-product.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

const gated = 'environments:\n  - dev\n  - stg\n  - name: prod\n    gates:\n      approvals: 1\n'
const manifestTypes = 'application/vnd.oci.image.manifest.v1+json'

export function promoting(the: () => ProductInBrowser): void {
  const digestOf = async (tag: string) => {
    const url = `http://${the().product.world.registry.host}/v2/podinfo/manifests/${tag}`
    return (await fetch(url, { method: 'HEAD', headers: { accept: manifestTypes } })).headers.get(
      'docker-content-digest',
    )
  }
  const tagOf = async (name: string, namespace: string) =>
    /podinfo:([\w.-]+)"/.exec(await the().product.helm('get', 'manifest', name, '-n', namespace))?.[1] ?? ''

  describe('an image is promoted', () => {
    it('from dev to stg by two clicks, the plan in between', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      const [dev, stg] = [await release('podinfo-dev'), await release('podinfo-rc')]
      await product.pushImage('podinfo', 'dev-e2epromo')
      await deployedAbove(product, 'podinfo-dev', 'dev', dev.revision)
      await page.goto(product.web)
      await untilLive(page)
      await page.getByRole('button', { name: 'Promote podinfo from dev to stg' }).click()
      await page.getByRole('heading', { level: 1, name: 'podinfo to stg' }).waitFor()
      expect((await release('podinfo-rc')).revision).toBe(stg.revision)
      await page.getByRole('button', { name: 'Promote', exact: true }).click()
      await page.getByText('Verified').first().waitFor()
      const tag = await tagOf('podinfo-rc', 'stg')
      expect(tag).toMatch(/^stg-.*e2epromo$/)
      expect(await digestOf(tag)).toBe(await digestOf('dev-e2epromo'))
      expect((await product.history('podinfo-rc', 'stg')).at(-1)).toMatchObject({ status: 'deployed' })
    })

    it('from stg to prod once another person has approved, and shows so without a reload', async () => {
      const { page, product, windowOf, release } = the()
      pictureOnFailure(page)
      await product.git.push({ 'wheelhouse.yaml': gated }, 'Gate prod')
      const prod = await release('podinfo-prod')
      // What was released there by hand is held there.
      await product.call(unlockRelease, { params: { id: prod.id }, body: {} })
      await page.goto(product.web)
      await untilLive(page)
      await page.getByRole('button', { name: 'Promote podinfo from stg to prod' }).click()
      await page.getByRole('heading', { level: 1, name: 'podinfo to prod' }).waitFor()
      await page.getByRole('button', { name: 'Ask for approval' }).click()
      await page.getByText('1 of 1 approval is missing').first().waitFor()
      expect((await release('podinfo-prod')).revision).toBe(prod.revision)

      const other = await windowOf('approver')
      pictureOnFailure(other)
      await other.goto(page.url())
      await other.getByRole('button', { name: 'Approve', exact: true }).click()
      await other.getByRole('dialog').getByRole('button', { name: 'Approve this plan' }).click()
      await page.getByText('Verified').first().waitFor()
      await other.context().close()

      const tag = await tagOf('podinfo-prod', 'prod')
      expect(tag).toMatch(/^0\.4\.\d+$/)
      expect(await digestOf(tag)).toBe(await digestOf('dev-e2epromo'))
      expect(await product.git.read('releases/prod/podinfo.yaml')).toContain(`podinfo:${tag}`)
    })

    it('and rolled back with what would change in sight, then let go again', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      const [stg, bad] = [await release('podinfo-rc'), await tagOf('podinfo-rc', 'stg')]
      await page.goto(stg.path)
      await untilLive(page)
      await page.getByRole('button', { name: 'Roll back' }).click()
      const dialog = page.getByRole('dialog', { name: 'Roll back podinfo-rc' })
      await dialog.getByText(bad).first().waitFor()
      await dialog.getByLabel('Why').fill('it leaks')
      await dialog.getByRole('button', { name: `Roll back to revision ${stg.revision - 1}` }).click()
      await deployedAbove(product, 'podinfo-rc', 'stg', stg.revision)
      await page.getByText('Held by admin').waitFor()
      expect(await tagOf('podinfo-rc', 'stg')).not.toBe(bad)
      expect(await product.git.read('releases/stg/podinfo.yaml')).toContain(`wheelhouse.dev/refuse.chart-image: ${bad}`)
      await page.getByRole('button', { name: 'Lift the hold' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Lift the hold' }).click()
      await page.getByText('Held by admin').waitFor({ state: 'detached' })
    })
  })
}
