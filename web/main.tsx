import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from 'preact';
import { Screens } from './screens.tsx';
import { Refusal } from './server.ts';
import './style/base.css';
import './style/board.css';
import './style/journey.css';
import './style/employer.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What was refused stays refused; only what did not answer is asked again.
      retry: (count, error) => count < 3 && !(error instanceof Refusal && error.status > 0 && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});

const screen = document.getElementById('screen');
if (screen) {
  render(
    <QueryClientProvider client={client}>
      <Screens />
    </QueryClientProvider>,
    screen,
  );
}
