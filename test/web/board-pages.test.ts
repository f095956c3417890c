import fc from 'fast-check';
import { type BoardPage, type BoardRow, compareRows, passes } from '../../projections/board-row.ts';
import { boardOf } from '../../web/board/pages.ts';
import { usualRow } from '../api/sample-views.ts';

const row = (journeyId: string, dueAt: number, more: Partial<BoardRow> = {}): BoardRow => ({
  ...usualRow,
  journeyId,
  position: 1,
  nearestDeadline: { name: 'consult.claim', entityId: 'consult-1', dueAt },
  ...more,
});
const idsOf = ({ rows }: Pick<BoardPage, 'rows'>): readonly string[] => rows.map(({ journeyId }) => journeyId);

/** The first of several pages, with three of five rows. */
const [a, b, c] = [row('a', 10), row('b', 20), row('c', 30)];
const first: BoardPage = { rows: [a, b, c], next: 'after-c', position: 5, total: 5 };
const second: BoardPage = { rows: [row('d', 40), row('e', 50)], position: 7, total: 5 };

describe('The board of several pages', () => {
  test('shows them one after the other', () => {
    expect(boardOf([first, second], [], {})).toEqual({ rows: [...first.rows, ...second.rows], position: 5, total: 5 });
  });

  test('takes a row that comes before the end of its pages, and loses none for it', () => {
    const shown = boardOf([first], [row('d', 15, { position: 8 })], {});
    expect([idsOf(shown), shown.total, shown.next]).toEqual([['a', 'd', 'b', 'c'], 5, 'after-c']);
  });

  test('leaves a row that comes after its end to the next page, be it new or one that was shown', () => {
    expect(idsOf(boardOf([first], [row('new', 35, { position: 8 })], {}))).toEqual(['a', 'b', 'c']);
    expect(idsOf(boardOf([first], [{ ...a, nearestDeadline: { name: 'x', entityId: 'x', dueAt: 45 }, position: 8 }], {}))).toEqual([
      'b',
      'c',
    ]);
  });

  test('shows a row once that stands in two pages, as it was last', () => {
    const moved = row('a', 45, { position: 6 });
    const shown = boardOf([first, { ...second, rows: [...second.rows, moved] }], [a], {});
    expect(shown.rows.filter(({ journeyId }) => journeyId === 'a')).toEqual([moved]);
  });

  test('counts one that the filter no longer lets through out of the whole', () => {
    const closed = { ...b, superState: 'Closed', position: 8 };
    expect(boardOf([first], [closed], { state: 'open' })).toMatchObject({ rows: [a, c], total: 4 });
  });

  test('is the beginning of the board as it now is, wherever pages end and whatever changes between them', () => {
    const due = fc.integer({ min: 0, max: 12 });
    const needsHuman = fc.boolean();
    const change = fc.record({ at: fc.nat({ max: 11 }), due, needsHuman });
    const filter = fc.constantFrom({}, { needsHuman: true });
    fc.assert(
      fc.property(
        fc.array(due, { minLength: 8, maxLength: 8 }),
        fc.array(fc.array(change, { maxLength: 5 }), { minLength: 4, maxLength: 4 }),
        filter,
        (dues, waves, wanted) => {
          const world = new Map(dues.map((at, i) => [`j${i}`, row(`j${i}`, at, { needsHuman: i % 2 === 0 })]));
          const passing = () => [...world.values()].filter((one) => passes(one, wanted)).toSorted(compareRows);
          const pages: BoardPage[] = [];
          const changed: BoardRow[] = [];
          let position = 10;
          let end: BoardRow | undefined;
          for (const wave of waves) {
            for (const { at, due: dueAt, needsHuman: human } of wave) {
              position += 1;
              const now = row(`j${at}`, dueAt, { needsHuman: human, position });
              world.set(now.journeyId, now);
              if (pages.length > 0) changed.push(now);
            }
            if (pages.length === 3 || (pages.length > 0 && !end)) continue;
            const after = end;
            const rest = passing().filter((one) => after === undefined || compareRows(one, after) > 0);
            const rows = rest.slice(0, 2);
            end = rest.length > rows.length ? rows.at(-1) : undefined;
            pages.push({ rows, position, total: passing().length, ...(end && { next: 'next' }) });
          }
          const last = end;
          const expected = passing().filter((one) => last === undefined || compareRows(one, last) <= 0);
          expect(idsOf(boardOf(pages, changed, wanted))).toEqual(idsOf({ rows: expected }));
        },
      ),
      { numRuns: 500 },
    );
  });
});
