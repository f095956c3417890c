import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'wouter';
import { Fault, Loading } from './notices.tsx';
import { ask } from './server.ts';
import { useTitle } from './title.ts';

/** Turns the one-time code of a link into a session. */
export function SignInPage({ code }: { readonly code: string }) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [fault, setFault] = useState<Error>();
  useTitle('Sign in');
  useEffect(() => {
    let isHere = true;
    ask('/v1/sign-in', { method: 'POST', body: { code } })
      .then(() => client.resetQueries())
      .then(() => isHere && go('/', { replace: true }))
      .catch(setFault);
    return () => {
      isHere = false;
    };
  }, [code, client, go]);
  return (
    <main class="bare">
      <h1>Sign in</h1>
      {fault ? <Fault error={fault} /> : <Loading what="your place" />}
    </main>
  );
}

/** Nobody is signed in. */
export function SignedOutPage() {
  useTitle('Sign in');
  return (
    <main class="bare">
      <img src="/icon.svg" alt="" width="48" height="48" />
      <h1>Caretrail</h1>
      <p>You are not signed in. Open the sign-in link that you were given; each is good once and for ten minutes.</p>
      <p class="minor">In development, npm start prints one for each role.</p>
    </main>
  );
}
