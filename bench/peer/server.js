// The peer: oidc-provider as its documentation sets it up, with its own adapter in memory. It answers token
// introspection (RFC 7662) to a client that authenticates with its secret. Prints one line of JSON once it listens.
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const client = { id: 'front-desk', secret: 'an-invented-secret-of-the-benchmark' };
const issuer = `http://127.0.0.1:${port}`;
const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
  },
  ttl: { ClientCredentials: 86_400 },
});

provider.listen(port, '127.0.0.1', async () => {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = await answer.json();
  console.log(JSON.stringify({ authorization, token }));
});
