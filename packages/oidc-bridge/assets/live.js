// Keeps the QR code's state alive: server-sent events, polling where they do not get through.
const live = document.getElementById('live');
const self = live?.dataset.self ?? '';
const POLL_MS = 2000;

function show(state) {
  // Done or refused: the server has the page for it.
  if (state === 'answered' || state === 'completed' || state === 'refused') {
    location.replace(self);
    return true;
  }
  live.dataset.state = state;
  for (const text of live.querySelectorAll('.state [data-for]')) text.hidden = text.dataset.for !== state;
  document.getElementById('renew').hidden = state !== 'expired';
  return state === 'expired';
}

async function poll() {
  try {
    const response = await fetch(`${self}/state`, { headers: { accept: 'application/json' } });
    if (response.ok && show((await response.json()).state)) return;
  } catch {
    // The next round tries again.
  }
  setTimeout(() => void poll(), POLL_MS);
}

function listen() {
  const source = new EventSource(`${self}/events`);
  let worked = false;
  source.addEventListener('state', (event) => {
    worked = true;
    if (show(JSON.parse(event.data).state)) source.close();
  });
  source.addEventListener('error', () => {
    // Before the first event: something between us and the server does not pass streams on.
    if (worked && source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(() => void poll(), POLL_MS);
  });
}

if (live && live.dataset.state !== 'expired') {
  if ('EventSource' in window) listen();
  else void poll();
}
