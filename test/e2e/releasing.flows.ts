import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { deployedAbove } from '#test/fixtures/running-product.ts'
import { markDocument, pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

const rowOf = (page: Page, table: string, text: string | RegExp) =>
  page.getByRole('region', { name: table }).getByRole('row').filter({ hasText: text })

const tagRow = (page: Page, tag: string) =>
  page
    .getByRole('region', { name: 'Tags of chart-image' })
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: tag, exact: true }) })

export function releasing(the: () => ProductInBrowser): void {
  describe('an image is pushed', () => {
    it('shows on the open page without a reload', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      const { path, revision } = await release('podinfo-dev')
      await page.goto(path)
      await untilLive(page)
      const isSameDocument = await markDocument(page)
      const tag = await product.pushImage('podinfo', 'dev-e2e00001')
      await page.getByRole('main').getByText(`podinfo:${tag}`).first().waitFor()
      await page.getByText(`revision ${revision + 1}`, { exact: true }).waitFor()
      await page.getByRole('region', { name: 'Last change' }).getByText('Chosen by glob:dev-*').waitFor()
      expect(await isSameDocument()).toBe(true)
    })

    it('stands in history with what it changed, and in the activity step by step', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await page.getByRole('link', { name: 'History' }).click()
      const row = rowOf(page, 'Revisions', /dev-kb9lm91e → dev-e2e00001/)
      expect(await row.innerText()).toContain('automation')
      const diff = page.getByRole('region', { name: 'Difference', exact: true })
      await diff.getByText('e2e00001').waitFor()
      await page.getByRole('link', { name: 'Activity' }).click()
      for (const step of ['Image pushed', 'Chosen by glob:dev-*', 'Committed', 'helm upgrade'])
        await page
          .getByRole('button', { name: new RegExp(`^${step.replace('*', '\\*')}`) })
          .first()
          .waitFor()
    })

    it('is told on the first page with its cause', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await page.getByRole('link', { name: 'Environments' }).first().click()
      await page.getByRole('table', { name: 'Applications by environment' }).getByText('dev-e2e00001').waitFor()
      const change = rowOf(page, 'Changes of the last hour', 'podinfo:dev-e2e00001 was pushed')
      expect(await change.first().innerText()).toMatch(/podinfo-dev[\s\S]*automation/)
    })

    it('that no policy takes is listed with the reason', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      const prod = await release('podinfo-prod')
      await page.goto(`${prod.path}/images`)
      await untilLive(page)
      await product.pushImage('podinfo', '0.4.11')
      await deployedAbove(product, 'podinfo-prod', 'prod', prod.revision)
      await product.pushImage('podinfo', '0.5.0')
      await product.pushImage('podinfo', '0.4.12-rc.1')
      const why = async (tag: string) => (await tagRow(page, tag).innerText()).replaceAll(/\s+/g, ' ')
      await tagRow(page, '0.4.12-rc.1').waitFor()
      expect(await why('0.5.0')).toContain('outside ~0.4')
      expect(await why('0.4.12-rc.1')).toMatch(/no match.*(pre-release|outside)/)
      expect(await why('0.4.11')).toContain('runs')
    })
  })

  describe('a policy', () => {
    it('is tried over the known tags before it is written', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      await page.goto(`${(await release('podinfo-prod')).path}/images`)
      const head = await product.git.head()
      await page.getByRole('button', { name: 'Change policy …' }).click()
      const field = page.getByLabel('Filter to try')
      await field.fill('semver:abc')
      await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
      expect(await page.getByText(/Would choose|Would stay/).count()).toBe(0)
      await field.fill('semver:>=0.4')
      await page.getByText(/Would choose 0\.5\.0 instead of 0\.4\.11/).waitFor()
      expect(await product.git.head()).toBe(head)
    })
  })

  describe('somebody releases', () => {
    it('a tag outside the policy by hand, which holds the release there', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      const prod = await release('podinfo-prod')
      await page.goto(`${prod.path}/images`)
      await page.getByRole('button', { name: 'Release 0.5.0' }).click()
      const dialog = page.getByRole('dialog', { name: 'Release a tag to podinfo-prod' })
      await dialog.getByLabel(/^Why/).fill('Customer needs it today')
      const commit = dialog.getByRole('button', { name: 'Commit and release' })
      expect(await commit.getAttribute('aria-disabled')).toBe('true')
      await dialog.getByLabel(/Outside its policy/).check()
      await commit.click()
      await dialog.waitFor({ state: 'detached' })
      await page.getByRole('main').getByText('podinfo:0.5.0').first().waitFor()
      await page.getByText('Held by admin').waitFor()
      expect(await product.git.read('releases/prod/podinfo.yaml')).toContain('podinfo:0.5.0')
      expect(await product.git.message(await product.git.head())).toContain('Customer needs it today')
    })
  })

  describe('automation', () => {
    it('is switched off and on, each by a commit, and policies follow only then', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      const rc = await release('podinfo-rc')
      await page.goto(rc.path)
      await untilLive(page)
      await page.getByRole('button', { name: 'Stop automation' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Stop automation' }).click()
      await page.getByRole('main').getByText('manual', { exact: true }).first().waitFor()
      expect(await product.git.read('releases/stg/podinfo.yaml')).not.toContain('automated: "true"')

      await page.goto(`${rc.path}/images`)
      await untilLive(page)
      await product.pushImage('podinfo', 'stg-e2e00001')
      await tagRow(page, 'stg-e2e00001').waitFor()
      expect((await release('podinfo-rc')).revision).toBe(rc.revision)

      await page.getByRole('button', { name: 'Automate' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Automate' }).click()
      await page.getByRole('main').getByText('podinfo:stg-e2e00001').first().waitFor()
    })

    it('gets another policy by a commit', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      await page.goto(`${(await release('podinfo-rc')).path}/images`)
      await page.getByRole('button', { name: 'Change policy …' }).click()
      await page.getByLabel('Filter to try').fill('glob:stg-e2e*')
      await page.getByText(/Would stay at.*stg-e2e00001/).waitFor()
      await page.getByRole('button', { name: 'Commit this policy' }).click()
      await page.getByRole('main').getByText('glob:stg-e2e*', { exact: true }).first().waitFor()
      expect(await product.git.read('releases/stg/podinfo.yaml')).toContain('glob:stg-e2e*')
    })
  })
}
