import './ui/styles.js';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api.js';
import { router } from './pages.js';
import { HintLayer } from './ui/hint.js';
import { theme, themeVariables } from './ui/theme.js';
import { ToastLayer } from './ui/toast.js';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element called root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={themeVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <HintLayer />
        <ToastLayer />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
