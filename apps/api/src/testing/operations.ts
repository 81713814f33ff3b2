/** Every operation that the controllers declare, found by reflection and not by the document. */
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { CONTROLLERS } from '../app.module.js';
import { ACCESS, type Access } from '../http/can.js';

export interface DeclaredOperation {
  /** As in `PartnersController.createPartner`. */
  name: string;
  method: string;
  /** With `:id` where a value goes. */
  path: string;
  access: Access | undefined;
}

export function declaredOperations(): DeclaredOperation[] {
  return CONTROLLERS.flatMap((controller) => {
    const base = String(Reflect.getMetadata(PATH_METADATA, controller));
    return Object.entries(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(
      ([name, { value }]) => {
        if (typeof value !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, value)) return [];
        const method = Reflect.getMetadata(METHOD_METADATA, value) as RequestMethod;
        const path = [base, String(Reflect.getMetadata(PATH_METADATA, value))]
          .map((part) => part.replaceAll(/^\/|\/$/g, ''))
          .filter((part) => part !== '')
          .join('/');
        return [
          {
            name: `${controller.name}.${name}`,
            method: RequestMethod[method] ?? '',
            path: `/${path}`,
            access: Reflect.getMetadata(ACCESS, value) as Access | undefined,
          },
        ];
      },
    );
  });
}
