import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'preact/hooks';
import type { EmployerAccess, Figure } from '../../projections/access-figures.ts';
import { Fault, Loading } from '../notices.tsx';
import { ask } from '../server.ts';
import { useTitle } from '../title.ts';
import { words } from '../words.ts';

interface Figures extends EmployerAccess {
  readonly definitions: Readonly<Record<string, string>>;
}

const fewest = 50;

/** The figures of an employer's month, never of a person or a small group. */
export function EmployerPage({ employerId }: { readonly employerId: string }) {
  const [chosen, setMonth] = useState('');
  useTitle(`Figures of ${employerId}`);
  const path = `/v1/employers/${encodeURIComponent(employerId)}/access`;
  const access = useQuery<Figures>({
    queryKey: ['access', employerId, chosen],
    queryFn: ({ signal }) => ask<Figures>(chosen === '' ? path : `${path}?month=${chosen}`, { signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <div class="employer">
      <div class="page-head">
        <h1>Access to care · {employerId}</h1>
        <label class="choice">
          <span>Month</span>
          <input type="month" value={chosen || access.data?.month} onChange={({ currentTarget }) => setMonth(currentTarget.value)} />
        </label>
      </div>
      {access.isPending && <Loading what="the figures" />}
      {access.isError && <Fault error={access.error} again={() => void access.refetch()} />}
      {access.data?.pooled && <Pooled />}
      {access.data && !access.data.pooled && (
        <>
          <Tiles figures={access.data.figures} />
          <Chart path={path} month={access.data.month} position={access.data.position} />
          <Table figures={access.data} />
          <p class="minor">
            <span class="hidden-figure">hidden</span>: the figure covers 1 to 10 persons, or would reveal such a number. Nobody sees it, and
            it is not in the data of this page.
          </p>
        </>
      )}
    </div>
  );
}

const Pooled = () => (
  <section class="empty">
    <h2>No figures of your own</h2>
    <p>Fewer than {fewest} people are enrolled, so that single persons could be recognised. Pooled benchmarks are shown instead.</p>
  </section>
);

const leading = ['personsWithConsult', 'medianMinutesToClinician', 'escalationShare', 'medianMinutesToTherapy'];

function Tiles({ figures }: { readonly figures: readonly Figure[] }) {
  const shown = figures.filter(({ measure }) => leading.includes(measure));
  return (
    <dl class="tiles">
      {shown.map((figure) => (
        <div key={figure.measure} class="tile">
          <dt>{nameOf(figure.measure)}</dt>
          <dd>
            <Value figure={figure} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Chart({ path, month, position }: { readonly path: string; readonly month: string; readonly position: number }) {
  const address = (scheme: string): string => `${path}/chart?month=${month}&scheme=${scheme}`;
  return (
    <figure class="chart" key={position}>
      <figcaption>How many people reached each step. A hatched bar stands for a hidden number; its length says nothing.</figcaption>
      <picture>
        <source media="(prefers-color-scheme: dark)" srcset={address('dark')} />
        <img
          src={address('light')}
          width="720"
          height="220"
          alt="Bars of the persons at each step; the table below holds the same numbers."
        />
      </picture>
    </figure>
  );
}

function Table({ figures: { figures, definitions, position } }: { readonly figures: Figures }) {
  return (
    <div class="table-frame">
      <table class="figures">
        <caption>All figures, as of event {position.toLocaleString('en-GB')} of the log</caption>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col" class="number">
              Of
            </th>
            <th scope="col">What it counts</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => (
            <tr key={figure.measure}>
              <th scope="row">{nameOf(figure.measure)}</th>
              <td class="number">
                <Value figure={figure} />
              </td>
              <td class="number">{figure.denominator ?? <span class="minor">–</span>}</td>
              <td>{definitions[figure.measure]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const names: Readonly<Record<string, string>> = {
  personsStarted: 'Persons who asked for care',
  personsWithConsult: 'Persons with a consult',
  personsEscalated: 'Persons visited at home',
  personsNotEscalated: 'Persons not visited at home',
  escalationShare: 'Share visited at home',
  medianMinutesToClinician: 'Median time to a clinician',
  medianMinutesToTherapy: 'Median time to therapy',
};
const nameOf = (measure: string): string => names[measure] ?? words(measure);

function Value({ figure: { value, hidden, unit } }: { readonly figure: Figure }) {
  if (hidden) return <span class="hidden-figure">hidden</span>;
  if (value === undefined) return <span class="minor">none</span>;
  if (unit === 'share') return <>{(value * 100).toFixed(1)} %</>;
  if (unit === 'minutes') return <>{value.toLocaleString('en-GB', { maximumFractionDigits: 1 })} min</>;
  return <>{value.toLocaleString('en-GB')}</>;
}
