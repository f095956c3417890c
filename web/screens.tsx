import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { BoardPage } from './board/board-page.tsx';
import { EmployerPage } from './employer/employer-page.tsx';
import { FindPage } from './find-page.tsx';
import { JourneyPage } from './journey/journey-page.tsx';
import { openLine } from './live.ts';
import { Fault, Loading } from './notices.tsx';
import { type Me, seesBoard, seesEmployers, useMe } from './session.ts';
import { SignedOutPage, SignInPage } from './sign-in-page.tsx';
import { TopBar } from './top-bar.tsx';

/** All screens, by what stands behind the # of the address. */
export function Screens() {
  return (
    <Router hook={useHashLocation}>
      <Switch>
        <Route path="/sign-in/:code">{({ code }) => <SignInPage code={code} />}</Route>
        <Route>
          <SignedIn />
        </Route>
      </Switch>
    </Router>
  );
}

function SignedIn() {
  const me = useMe();
  if (me.isPending) return <Bare>{<Loading what="your place" />}</Bare>;
  if (me.isError) return <Bare>{<Fault error={me.error} again={() => void me.refetch()} />}</Bare>;
  return me.data ? <Places me={me.data} /> : <SignedOutPage />;
}

const Bare = ({ children }: { readonly children: ComponentChildren }) => <main class="bare">{children}</main>;

function Places({ me }: { readonly me: Me }) {
  const follows = seesBoard(me);
  useEffect(() => (follows ? openLine() : undefined), [follows]);
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      <TopBar me={me} follows={follows} />
      <main id="main" tabIndex={-1}>
        <Switch>
          {follows && <Route path="/board">{() => <BoardPage me={me} />}</Route>}
          <Route path="/journeys/:id">{({ id }) => <JourneyPage key={id} journeyId={id} me={me} />}</Route>
          {seesEmployers(me) && <Route path="/employers/:id">{({ id }) => <EmployerPage key={id} employerId={id} />}</Route>}
          <Route path="/find">{() => <FindPage me={me} />}</Route>
          <Route>
            <Redirect to={homeOf(me)} />
          </Route>
        </Switch>
      </main>
    </>
  );
}

/** The address behind the # belongs to the screens, so that no link can jump within the page. */
function skip(): void {
  document.getElementById('main')?.focus();
}

function homeOf(me: Me): string {
  if (seesBoard(me)) return '/board';
  return me.role === 'E' ? `/employers/${me.tenant}` : '/find';
}
