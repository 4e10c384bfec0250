'use strict';
// Sends the AWS SDK for JavaScript v2, which does not know AWS_ENDPOINT_URL, to the endpoint that it names.
// Nothing is loaded on behalf of a function that does not use it: the change is made when its core module is loaded.

const Module = require('module');
const path = require('path');

const core = path.join('aws-sdk', 'lib', 'core.js');

exports.install = () => {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  if (!endpoint) return;
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename) {
    const result = compile.apply(this, arguments);
    if (filename.endsWith(core)) {
      // An endpoint that the function gives to a client wins over this one.
      // As a default of every configuration: the SDK makes its global one anew after this module.
      const defaults = { endpoint, s3ForcePathStyle: true };
      Object.assign(this.exports.Config.prototype.keys, defaults);
      this.exports.config.update(defaults);
    }
    return result;
  };
};
