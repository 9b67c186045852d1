/** The routes of GitHub Actions on a server of their own, for tests. Not GitHub: it says so in the header `x-stand-in`. */
import { startStandInServer, type StandInCall, type StandInServer } from '../perflab/stand-in-server.ts';
import {
  createActionsRoutes,
  error,
  type ActionsRoutes,
  type ActionsRoutesOptions,
} from './actions-routes.ts';

export async function startActionsStandIn(
  options: ActionsRoutesOptions & { readonly port?: number; readonly token?: string },
): Promise<StandInServer & ActionsRoutes> {
  const mayPass = (call: StandInCall) =>
    call.headers['authorization'] === `Bearer ${options.token ?? 'installation-token'}`;
  const routes = createActionsRoutes({ mayPass, ...options });
  const server = await startStandInServer({
    name: 'github-actions',
    port: options.port,
    handle: (call) => routes.handle(call) ?? error(404, 'Not Found'),
  });
  return {
    ...server,
    ...routes,
    close() {
      routes.state.stopAll();
      return server.close();
    },
  };
}
