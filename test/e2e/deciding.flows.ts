import { describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { listGates } from '#lib/api/gates.ts'
import { applyPromotion, getPromotion, promote } from '#lib/api/promotions.ts'
import { deployedAbove } from '#test/fixtures/running-product.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

const gates = '\n    gates: {approvals: 1}\n'
const gated = `environments:\n  - dev\n  - name: stg${gates}  - name: prod${gates}`
const looser = `environments:\n  - dev\n  - stg\n  - name: prod${gates}`

export function deciding(the: () => ProductInBrowser): void {
  describe('the pipeline', () => {
    it('is a list of environments with the ways between them, and plans from the arrow', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      const { revision } = await release('podinfo-dev')
      await product.pushImage('podinfo', 'dev-e2eplan1')
      await deployedAbove(product, 'podinfo-dev', 'dev', revision)
      await page.goto(`${product.web}/promotions?app=podinfo`)
      await untilLive(page)
      const pipeline = page.getByRole('list', { name: 'Pipeline of podinfo' })
      await pipeline.getByRole('article', { name: 'prod' }).waitFor()
      const names = pipeline.getByRole('article').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
      expect(await names).toEqual(['dev', 'stg', 'prod'])
      await pipeline.getByRole('button', { name: 'Promote podinfo from dev to stg' }).click()
      await page.getByRole('heading', { name: 'podinfo to stg', level: 1 }).waitFor()
    })

    it('shows the plan on its edge, made anew under another tag', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await page.getByText('Change the way or the tags').click()
      await page.getByLabel('Tag for chart-image').fill('stg-e2ebyhand')
      const before = page.url()
      await page.getByRole('button', { name: 'Plan it anew' }).click()
      await page.waitForURL((url) => url.href !== before)
      await page.getByRole('region', { name: 'Image' }).getByText('stg-e2ebyhand').waitFor()
      const planned = new URL(page.url()).pathname

      await page.getByRole('link', { name: 'Promotions' }).first().click()
      const edge = page
        .getByRole('list', { name: 'Pipeline of podinfo' })
        .getByRole('link', { name: /from dev to stg$/ })
      await edge.waitFor()
      expect(await edge.getAttribute('href')).toBe(planned)
    })
  })

  describe('the inbox', () => {
    it('is empty by the key, and says what would come', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await page.keyboard.press('g')
      await page.keyboard.press('n')
      await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor()
      await page.getByText('Nothing waits for you').waitFor()
      expect(await page.getByRole('link', { name: 'Inbox' }).innerText()).toBe('Inbox')
    })

    it('tells an approver what waits for approval, and the one who asked nothing', async () => {
      const { page, product, windowOf } = the()
      const window = await windowOf('approver')
      pictureOnFailure(window)
      await product.git.push({ 'wheelhouse.yaml': gated }, 'Gate stg')
      const gates = () => product.call(listGates, {})
      await waitUntil('stg has gates', async () =>
        (await gates()).items.some(({ environment }) => environment === 'stg'),
      )
      const { id } = await product.call(promote, { body: { application: 'podinfo', to: 'stg' } })
      const { planDigest } = await product.call(getPromotion, { params: { id } })
      await product.call(applyPromotion, { params: { id }, body: { planDigest } })

      await window.goto(`${product.web}/inbox`)
      const row = window.getByRole('region', { name: 'Approvals' }).getByRole('listitem')
      await row.getByText('1 of 1 approval is missing.').waitFor()
      await window.getByRole('link', { name: /^Inbox\s*1 for you$/ }).waitFor()
      await row.getByRole('link', { name: /^Look at the plan/ }).click()
      await window.waitForURL(`**/promotions/${id}`)
      await window.getByRole('button', { name: 'Approve', exact: true }).waitFor()
      expect(await page.getByText('Nothing waits for you').count()).toBe(1)
      await window.context().close()
    })

    it('asks both about gates that a commit loosens', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await product.git.push({ 'wheelhouse.yaml': looser }, 'Ask nobody')
      const row = page.getByRole('region', { name: 'Loosened gates' }).getByRole('listitem')
      await row.getByText(/^Somebody Else would change with/).waitFor()
      await row.getByRole('link', { name: /^Decide/ }).click()
      await page.getByText('The old gates of stg still hold.').waitFor()
      expect(new URL(page.url()).hash).toBe('#loosened-gates')
    })
  })
}
